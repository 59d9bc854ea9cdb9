#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/method/rk4.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of tune_times() and fit_solver().
struct TuneOptions {
  double start = 1.0;                    ///< the noisy end, where α must be positive
  double stop = 0.0;                     ///< the clean end, where σ must be positive
  std::ptrdiff_t steps = 10;             ///< steps of the grid or solver to find, from 1 to 1000
  std::ptrdiff_t reference_steps = 100;  ///< steps of the RK4 run that serves as the truth, even in log α/σ; at least 2
  int iterations = 8;                    ///< most iterations of each search, in [0, 1000]
  int starts = 3;                        ///< how many known grids, the best first, a search starts from; at least 1
};

/// Checks the options of tune_times() and fit_solver().
/// \param where  the function that was given the options, for error messages
/// \throws std::invalid_argument that names the option that is out of range.
template <class S>
void check(const TuneOptions& options, const S& schedule, const char* where) {
  require_in(1, 1000, where, "steps", static_cast<double>(options.steps));
  require_count(options.reference_steps, 2, where, "reference_steps");
  require_in(0, 1000, where, "iterations", options.iterations);
  require(options.starts >= 1, where, "starts must be at least 1", options.starts);
  require(options.start > options.stop, where, "start must be greater than stop", options.start);
  for (const double t : {options.start, options.stop}) finite_log_snr(schedule, t, where);
}

/// A few trajectories of the exact flow, on which grids and weights are tuned.
///
/// They are integrated once with fine steps; at() then gives their states at any time.
template <class D, State X>
class Pilot {
  static_assert(HasSchedule<D>, "azula::Pilot: the first argument is not a denoiser, see HasSchedule");

 public:
  /// \param where  the function that was given the options, for error messages
  /// \throws std::invalid_argument that names the option that is out of range
  Pilot(const D& denoiser, const X& x, const TuneOptions& options, const char* where)
      : denoiser_(denoiser), options_(options), start_(x) {
    check(options, schedule(), where);
    first_ = finite_log_snr(schedule(), options.start, where);
    last_ = finite_log_snr(schedule(), options.stop, where);
    integrate(x);
  }

  const TuneOptions& options() const { return options_; }      ///< the options as given
  const plain_t<X>& start() const { return start_; }           ///< the pilot states
  const denoiser_t<D>& denoiser() const { return denoiser_; }  ///< the denoiser whose flow it is
  decltype(auto) schedule() const { return denoiser().schedule(); }
  double length() const { return last_ - first_; }  ///< the length of the way in log α/σ

  /// The states at a time, all values of all samples in a row: a cubic through the nearest nodes with their slopes.
  Eigen::VectorXd at(double t) const {
    const auto scales = schedule()(t);
    const double q = (log_snr(scales.alpha, scales.sigma) - first_) / cell();
    const auto cells = static_cast<double>(y_.size() - 1);
    const auto i = static_cast<std::size_t>(std::clamp(std::floor(q), 0.0, cells - 1));
    const double s = std::clamp(q - static_cast<double>(i), 0.0, 1.0), r = 1 - s;
    return scales.alpha * (r * r * (1 + 2 * s) * y_[i] + s * s * (1 + 2 * r) * y_[i + 1] +
                           r * s * cell() * (r * slope_[i] - s * slope_[i + 1]));
  }

  Eigen::VectorXd end() const { return at(options_.stop); }  ///< the states at the clean end

  /// All values of a state in a row, in double.
  static Eigen::VectorXd flat(const plain_t<X>& x) {
    return samples(x).reshaped().matrix().template cast<double>();
  }

  /// The grid with parameters w: step i covers the share e^{w_i}/Σ e^w of the way in log α/σ.
  std::vector<double> times(const Eigen::VectorXd& w) const {
    // No step is shorter than e^-12 of the longest, so that two times never coincide.
    const Eigen::ArrayXd shares = ((w.array() - w.maxCoeff()).max)(-12).exp();
    std::vector<double> result{options_.start};
    double sum = 0;
    for (Eigen::Index i = 0; i + 1 < w.size(); ++i) {
      sum += shares(i) / shares.sum();
      result.push_back(time_of_log_snr(schedule(), first_ + sum * length(), options_.stop, result.back()));
    }
    result.push_back(options_.stop);
    return result;
  }

  /// Parameters of known grids: even in log α/σ, Karras' with several ρ, and equidistributed ones.
  ///
  /// The latter divide a power of the speed at which the mean changes evenly between their steps.
  std::vector<Eigen::VectorXd> candidates() const {
    std::vector<Eigen::VectorXd> result{Eigen::VectorXd::Zero(options_.steps)};
    for (const double rho : {3.0, 7.0}) {
      const double noisy = std::exp(-first_ / rho), clean = std::exp(-last_ / rho);
      result.push_back(steps_of([&](double share) { return -rho * std::log(noisy + share * (clean - noisy)); }));
    }
    for (const double power : {0.3, 0.5, 0.7, 0.9}) result.push_back(equidistributed(power));
    return result;
  }

 private:
  double cell() const { return length() / static_cast<double>(options_.reference_steps); }

  void integrate(const X& x) {
    const auto times = log_snr_times(schedule(), {options_.start, options_.stop, options_.reference_steps});
    const Sampler reference(std::cref(denoiser()), RK4{}, times, {.silent = true});
    plain_t<X> mean(x);
    const auto keep = [&](const plain_t<X>& state, double t) {
      const double alpha = schedule()(t).alpha;
      evaluate(denoiser(), state, t, mean);
      y_.push_back(flat(state) / alpha);
      means_.push_back(flat(mean));
      slope_.push_back(means_.back() - y_.back());  // dy/dλ
    };
    keep(start_, options_.start);
    reference(plain_t<X>(x), [&](const StepInfo& step, const plain_t<X>& state) { keep(state, step.next); });
  }

  /// The w of a grid with nodes at lambda(0), lambda(1/steps), …, lambda(1).
  template <class Lambda>
  Eigen::VectorXd steps_of(Lambda&& lambda) const {
    Eigen::VectorXd w(options_.steps);
    const auto n = static_cast<double>(options_.steps);
    for (Eigen::Index i = 0; i < w.size(); ++i) {
      const auto k = static_cast<double>(i);
      w(i) = std::log((std::max)(lambda((k + 1) / n) - lambda(k / n), 1e-6 * length()));
    }
    return w;
  }

  /// The w of a grid whose steps share evenly the speed at which the mean changes, raised to `power`.
  Eigen::VectorXd equidistributed(double power) const {
    Eigen::ArrayXd density(static_cast<Eigen::Index>(means_.size()) - 1);
    for (Eigen::Index i = 0; i < density.size(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      density(i) = std::pow((means_[k + 1] - means_[k]).squaredNorm(), power / 2);
    }
    density += 0.05 * density.mean();
    return steps_of([&](double share) {
      double sum = 0;
      const double wanted = share * density.sum();
      Eigen::Index i = 0;
      while (i < density.size() - 1 && sum + density(i) < wanted) sum += density(i++);
      const double part = std::clamp((wanted - sum) / density(i), 0.0, 1.0);
      return first_ + (static_cast<double>(i) + part) * cell();
    });
  }

  const D& denoiser_;
  TuneOptions options_;
  plain_t<X> start_;
  double first_ = 0, last_ = 0;
  std::vector<Eigen::VectorXd> y_, means_, slope_;  // at the nodes of the reference run
};

}  // namespace azula
