#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "azula/broadcast.hpp"
#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/sample/divergence.hpp"
#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of log_likelihood().
struct LikelihoodOptions {
  double start = 1.0;         ///< the noisy end, where x_t is assumed to be Gaussian; needs α > 0
  double stop = 0.0;          ///< the clean end, at which x is given; needs σ > 0
  std::ptrdiff_t steps = 64;  ///< number of Runge–Kutta steps, evenly spaced in log α/σ
  double mean = 0;            ///< mean of the data, for the Gaussian at the noisy end
  double variance = 1;        ///< variance of the data, for the same Gaussian
};

/// The result of log_likelihood().
struct Likelihood {
  Eigen::ArrayXd log_prob;        ///< log p(x) of each sample, natural logarithm
  Eigen::ArrayXd standard_error;  ///< standard error of each log_prob from the estimated divergence; 0 if it was exact
  std::ptrdiff_t evaluations;     ///< how many times the denoiser was evaluated
};

/// Computes log p(x) of each sample under the density that the probability-flow ODE of a model defines.
///
///     auto p = azula::log_likelihood(denoiser, x, azula::ExactTrace{}, {.stop = 0.01});   // few values per sample
///     std::cout << p.log_prob << '\n';
///
///     const azula::HutchinsonTrace estimate(azula::NormalSource(1));                      // many values per sample
///     auto q = azula::log_likelihood(denoiser, x, estimate, {.stop = 0.01});
///
/// With y = x/α, the denoised mean m, D values per sample, and u = log σ/α = -λ as the variable of integration,
///
///     dy/du = y - m(α y),    d log p(y)/du = -(D - α tr ∂m/∂x)
///
/// This is integrated by the classical Runge–Kutta method, of fourth order, from the clean end to the noisy one, where
/// x_T is taken to be N(α_T mean, α_T² variance + σ_T²). As σ > 0 at `stop`, the result is the density of the data with
/// that much noise, and x is a sample of x_t at that time.
///
/// `trace` computes the trace tr ∂m/∂x: ExactTrace for few dimensions, HutchinsonTrace for many. The arithmetic is done
/// in the scalar of the state; use double if D is large or σ small.
///
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456), appendix D.2.
/// \throws std::invalid_argument that names the option out of range
template <class D, State X, class Trace>
Likelihood log_likelihood(const D& denoiser, const X& x, Trace trace, const LikelihoodOptions& options = {}) {
  static_assert(HasSchedule<D>, "azula::log_likelihood: the first argument is not a denoiser, see HasSchedule");
  using T = scalar_t<X>;
  using S = plain_t<X>;
  using Real = std::common_type_t<T, double>;  // double, but dependent on T, so that it is compiled only if used
  const denoiser_t<D>& target = denoiser;
  const auto& schedule = target.schedule();
  require(options.start > options.stop, "log_likelihood", "start must be greater than stop", options.start);
  require_finite("log_likelihood", "mean must be finite", options.mean);
  require(options.variance >= 0, "log_likelihood", "variance must be finite and at least 0", options.variance);
  require_in(1, static_cast<double>(most_steps) / 2, "log_likelihood", "steps", static_cast<double>(options.steps));
  // Every second node is the midpoint of the Runge–Kutta step around it.
  std::vector<double> times =
      log_snr_times(schedule, {options.start, options.stop, 2 * options.steps});
  S state(x), at_node(x), mean(x);
  auto y = samples(state);
  const Eigen::Index count = y.cols();
  std::array<S, 4> slopes{state, state, state, state};
  trace.start(state);
  Likelihood result{Eigen::ArrayXd::Zero(count), Eigen::ArrayXd::Zero(count), 0};
  Eigen::ArrayXX<Real> divergence = Eigen::ArrayXX<Real>::Zero(count, trace.probes());
  std::array<Eigen::ArrayXX<Real>, 4> traces;

  const auto slope = [&](std::size_t k, double t, double shift) {
    const auto scales = schedule(t);
    auto point = samples(at_node);
    point = y;
    if (k > 0) point += T(shift) * samples(slopes[k - 1]);
    samples(slopes[k]) = point;
    point *= T(scales.alpha);
    evaluate(target, at_node, t, mean);
    result.evaluations += 1;
    samples(slopes[k]) -= samples(mean);
    traces[k] = trace(target, at_node, t, scales.sigma, result.evaluations);
    traces[k] = static_cast<double>(y.rows()) - scales.alpha * traces[k];
  };

  const auto first = schedule(options.stop);
  y /= T(first.alpha);
  for (std::size_t i = times.size() - 1; i > 0; i -= 2) {
    const auto a = schedule(times[i]), b = schedule(times[i - 2]);
    const double h = log_snr(a.alpha, a.sigma) - log_snr(b.alpha, b.sigma);
    slope(0, times[i], 0);
    slope(1, times[i - 1], h / 2);
    slope(2, times[i - 1], h / 2);
    slope(3, times[i - 2], h);
    y += T(h / 6) * (samples(slopes[0]) + T(2) * samples(slopes[1]) + T(2) * samples(slopes[2]) + samples(slopes[3]));
    divergence += h / 6 * (traces[0] + 2 * traces[1] + 2 * traces[2] + traces[3]);
  }

  // log p(x) = log p(x_T) + D log α_T + ∫ div - D log α_0: densities of y and x differ by α^D.
  const auto last = schedule(options.start);
  const double variance = last.alpha * last.alpha * options.variance + last.sigma * last.sigma;
  const auto dimensions = static_cast<double>(y.rows());
  for (Eigen::Index j = 0; j < count; ++j) {
    const double square = (last.alpha * (y.col(j).template cast<double>() - options.mean)).square().sum();
    result.log_prob(j) = -square / (2 * variance) - dimensions / 2 * std::log(2 * std::numbers::pi * variance) +
                         dimensions * std::log(last.alpha / first.alpha) + divergence.row(j).mean();
    const auto probes = static_cast<double>(trace.probes());
    if (probes < 2) {
      result.standard_error(j) = trace.exact() ? 0 : std::numeric_limits<double>::quiet_NaN();
    } else {
      const double spread = (divergence.row(j) - divergence.row(j).mean()).square().sum();
      result.standard_error(j) = std::sqrt(spread / (probes - 1) / probes);
    }
  }
  return result;
}

}  // namespace azula
