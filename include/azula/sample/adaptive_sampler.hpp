#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/is_finite.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/sample/adaptive_step.hpp"
#include "azula/sample/not_finite.hpp"
#include "azula/sample/step_control.hpp"

namespace azula {

/// Options of AdaptiveSampler.
struct AdaptiveOptions {
  double start = 1.0;                      ///< first time: noisy for sampling, clean for inversion; α, σ > 0 there
  double stop = 0.0;                       ///< last time; α, σ > 0 there
  double relative_tolerance = 1e-3;        ///< allowed error per step, relative to the size of a value
  double absolute_tolerance = 1e-3;        ///< allowed error per step that is added to the relative one
  ErrorNorm norm = ErrorNorm::sample;      ///< whether errors are averaged per sample or over the batch
  double first_step = 0.05;                ///< length of the first step in log α/σ
  std::ptrdiff_t max_evaluations = 10000;  ///< the run throws if it would need more evaluations than this
};

/// The result of an adaptive run: the final state and what it cost.
template <class X>
struct AdaptiveResult {
  X state;                     ///< the state at the last time, or where the observer ended the run
  std::ptrdiff_t steps;        ///< how many steps were accepted
  std::ptrdiff_t evaluations;  ///< how many times the denoiser was evaluated
  std::ptrdiff_t rejected;     ///< how many steps were rejected and tried again with a shorter length
};

/// Draws samples by a deterministic method that chooses its own steps, so that the error per step stays within a
/// tolerance.
///
///     azula::AdaptiveSampler sampler(denoiser, {.relative_tolerance = 1e-4, .absolute_tolerance = 1e-4});
///     auto [state, steps, evaluations, rejected] = sampler(x);
///
/// It solves the probability-flow ODE in λ = log α/σ with a predictor, xEAB<N>, and an Adams–Moulton corrector of order
/// N + 1. Each step that is tried costs one evaluation of the denoiser. The difference of predictor and corrector
/// estimates the error, from which a PI controller computes the next step length. The run continues from the corrected
/// state. It begins with order 1 and a step of length `first_step`; the order grows to that of the method.
///
/// An observer is called after each accepted step with an AdaptiveStep, which gives the state at any time within the
/// step (dense output). If it returns false, the run ends there:
///
///     sampler(x, [&](const auto& step) {
///       show(step.at((step.from().t + step.to().t) / 2, denoiser.schedule()));
///     });
///
/// All samples of a batch take the same steps. A sample therefore depends on the rest of its batch, within the
/// tolerance. Calls are const and re-entrant. A call needs memory for N + 4 states besides the result.
///
/// Söderlind, Automatic control and adaptive time-stepping, 2002; Zhao et al., UniPC, 2023
/// (https://arxiv.org/abs/2302.04867).
template <class D, int N = 3>
class AdaptiveSampler {
  static_assert(HasSchedule<D>, "azula::AdaptiveSampler: the first argument is not a denoiser, see HasSchedule");
  static_assert(N >= 1 && N < max_older, "azula::AdaptiveSampler<D, N>: the order N must be from 1 to 7");

 public:
  /// Makes an adaptive sampler; it owns the denoiser, or refers to it if it is a std::ref.
  /// \throws std::invalid_argument that names the option, the rule and the value.
  explicit AdaptiveSampler(D denoiser, AdaptiveOptions options = {})
      : denoiser_(std::move(denoiser)), options_(options) {
    const auto positive = [](double value, const char* rule) { require(value > 0, "AdaptiveSampler", rule, value); };
    const AdaptiveOptions& o = options_;
    require(o.start != o.stop, "AdaptiveSampler", "start must be finite and differ from stop", o.start);
    require_finite("AdaptiveSampler", "stop must be finite", o.stop);
    require(o.relative_tolerance >= 0, "AdaptiveSampler", "relative_tolerance must be at least 0", o.relative_tolerance);
    positive(o.absolute_tolerance, "absolute_tolerance must be positive");
    positive(o.first_step, "first_step must be positive");
    positive(static_cast<double>(o.max_evaluations), "max_evaluations must be positive");
    const auto& schedule = target().schedule();
    if constexpr (requires { schedule.check(); }) schedule.check();
    require_end("start", o.start);
    require_end("stop", o.stop);
  }

  /// Takes the state x at `start` and returns the state at `stop`.
  /// \throws std::invalid_argument if the tolerances are below the rounding of the state, as the default of 1e-3 is for
  /// bfloat16;
  /// \throws std::runtime_error with the time, if a mean is not finite, a step becomes too short to change the time, or
  /// more than max_evaluations are needed.
  template <State X>
  auto operator()(X&& x) const {
    return (*this)(std::forward<X>(x), [](const auto&) {});
  }

  /// Takes x from `start` to `stop` and calls observer(AdaptiveStep) after each accepted step; false ends the run.
  template <State X, class O>
  auto operator()(X&& x, O&& observer) const {
    using S = plain_t<X>;
    AdaptiveStep<S, N> step(S(std::forward<X>(x)), at(options_.start));
    require_tolerances(step.state());
    Evaluation<denoiser_t<D>, S> evaluation(step.state());
    AdaptiveResult<S> result{step.state(), 0, 0, 0};
    const auto evaluate = [&](const S& state, const Node& n, S& mean) {
      count<scalar_t<S>>(result.evaluations, n.t);
      evaluation(target(), state, n.t, mean);
    };
    evaluate(step.state(), step.from(), step.mean());
    StepControl control(options_.first_step);
    const Node end = at(options_.stop);
    while (step.from().t != end.t) {
      step.predict(next(step.from(), end, control.step()));
      evaluate(step.predicted(), step.to(), step.new_mean());
      const double error = step.correct(options_.relative_tolerance, options_.absolute_tolerance, options_.norm);
      if (!is_finite(error)) refuse_mean(step);
      if (!control.accept(error, step.order() + 1)) {
        ++result.rejected;
        continue;
      }
      ++result.steps;
      const bool go_on = tell(observer, step);
      step.accept();
      if (!go_on) break;
    }
    result.state = step.state();
    return result;
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  void require_end(const char* option, double t) const {
    require_time(target().schedule(), "AdaptiveSampler", t);
    const Node n = at(t);
    if (is_finite(azula::log_snr(n.alpha, n.sigma))) return;
    reject("AdaptiveSampler", join({"alpha and sigma must be positive at start and stop; move ", option, " inwards"}),
           join({option, " = ", show(t), ", where alpha = ", show(n.alpha), " and sigma = ", show(n.sigma)}));
  }

  Node at(double t) const {
    const auto scales = target().schedule()(t);
    return {t, scales.alpha, scales.sigma};
  }

  /// The node that is `step` further in log α/σ, or the end. If less than two steps are left, the rest is halved, so
  /// that no tiny last step remains.
  Node next(const Node& from, const Node& end, double step) const {
    const double here = azula::log_snr(from.alpha, from.sigma), left = azula::log_snr(end.alpha, end.sigma) - here;
    if (step >= std::fabs(left)) return end;
    const double length = std::copysign(std::fmin(step, std::fabs(left) / 2), left);
    const double t = time_of_log_snr(target().schedule(), here + length, std::fmin(end.t, from.t), std::fmax(end.t, from.t));
    if (t == from.t) complain("the steps have become too short", from.t);
    return at(t);
  }

  /// Checks that the tolerances are above the rounding of the state: below it no step would be short enough.
  template <class S>
  void require_tolerances(const S& x) const {
    using T = scalar_t<S>;
    // Not numeric_limits::epsilon(), which Eigen 3.4 has wrong for half.
    const double least = 1.5 * std::ldexp(1.0, 1 - std::numeric_limits<T>::digits);
    const auto values = samples(x);
    const double square = values.size() == 0 ? 0 : values.template cast<double>().square().mean();
    const double tolerance = options_.relative_tolerance + options_.absolute_tolerance / (std::max)(1.0, std::sqrt(square));
    if (!(tolerance < least)) return;
    const char* wider = is_half<T> ? ", or use a state of float" : std::is_same_v<T, float> ? ", or use a state of double" : "";
    reject("AdaptiveSampler",
           join({"relative_tolerance + absolute_tolerance/(size of the values, at least 1) must be at least 1.5 "
                 "times the epsilon of the state's scalar, ", show(least), "; raise the tolerances", wider}),
           show(tolerance));
  }

  template <class Step>
  [[noreturn]] static void refuse_mean(const Step& step) {
    const auto& y = step.result();
    const std::ptrdiff_t count = sample_shape(y).samples;
    const bool was_finite = first_not_finite(step.state()) == count;
    complain(join({"the mean must be finite, got NaN or infinity",
                   count > 1 ? " in sample " + std::to_string(first_not_finite(y)) : "",
                   was_finite ? "" : ", where the state was not finite before"}),
             step.to().t);
  }

  template <class T>
  void count(std::ptrdiff_t& evaluations, double t) const {
    if (++evaluations > options_.max_evaluations) {
      complain("more than max_evaluations, " + std::to_string(options_.max_evaluations), t,
               is_half<T> ? "; in a state of 16 bits such tolerances may be below the rounding: raise them, or use a state "
                            "of float" : "");
    }
  }

  [[noreturn]] static void complain(const std::string& what, double t, const char* advice = "") {
    throw std::runtime_error("azula::AdaptiveSampler: " + what + ", at time " + show(t) + advice);
  }

  template <class O, class Step>
  static bool tell(O& observer, const Step& step) {
    if constexpr (std::is_convertible_v<std::invoke_result_t<O&, const Step&>, bool>) {
      return observer(step);
    } else {
      observer(step);
      return true;
    }
  }

  D denoiser_;
  AdaptiveOptions options_;
};

template <class D>
AdaptiveSampler(D) -> AdaptiveSampler<D>;
template <class D>
AdaptiveSampler(D, AdaptiveOptions) -> AdaptiveSampler<D>;

}  // namespace azula
