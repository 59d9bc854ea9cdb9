#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/linear_times.hpp"

namespace azula {

/// Options of beta_times().
struct BetaTimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, see TimeOptions
  double alpha = 0.6;  ///< first parameter of the Beta distribution, in [0.01, 100]: below 1 dense at the clean end
  double beta = 0.6;   ///< second parameter, in [0.01, 100]: below 1 dense at the noisy end
};

/// The regularised incomplete beta function I_x(a, b), which is the cumulative distribution function of Beta(a, b).
///
/// It is computed by its continued fraction (Abramowitz and Stegun 26.5.8, evaluated by Lentz' method) on the side
/// where the fraction converges fast.
inline double incomplete_beta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incomplete_beta(b, a, 1 - x);
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)) /
      a;
  double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
  const auto extend = [&](double term) {
    d = 1 / (1 + term * d);
    c = 1 + term / c;
    fraction *= c * d;
    return c * d;
  };
  for (int m = 1; m < 300; ++m) {
    extend(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    const double change = extend(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (std::fabs(change - 1) < 1e-16) break;
  }
  return front * fraction;
}

/// Times at the quantiles of a Beta distribution, by default dense at both ends; the beta grid of other programs.
///
///     const auto times = azula::beta_times({.steps = 20});
///
/// With q the quantile function of Beta(alpha, beta), the inverse of incomplete_beta():
///
///     t_i = stop + (start - stop) q(1 - i/steps)
///
/// Lee et al., Beta Sampling is All You Need, 2024 (https://arxiv.org/abs/2407.12173).
/// \throws std::invalid_argument if the options are out of range.
inline std::vector<double> beta_times(const BetaTimeOptions& options = {}) {
  require_in(0.01, 100, "beta_times", "alpha", options.alpha);
  require_in(0.01, 100, "beta_times", "beta", options.beta);
  return in_either_direction(options, [](const BetaTimeOptions& o) {
    std::vector<double> times = linear_times({o.start, o.stop, o.steps}, "beta_times");
    for (std::size_t i = 1; i + 1 < times.size(); ++i) {
      const double share = 1 - static_cast<double>(i) / static_cast<double>(o.steps);
      double low = 0, high = 1;
      // Bisection and not Newton's method: this runs once, and the density may be infinite at both ends.
      for (int j = 0; j < 60; ++j) {
        const double middle = (low + high) / 2;
        (incomplete_beta(o.alpha, o.beta, middle) < share ? low : high) = middle;
      }
      times[i] = o.stop + (o.start - o.stop) * high;
    }
    return times;
  });
}

}  // namespace azula
