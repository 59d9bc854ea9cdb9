#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of linear_quadratic_times().
struct LinearQuadraticTimeOptions {
  double start = 1.0;               ///< the noisy end
  double stop = 0.0;                ///< the clean end
  std::ptrdiff_t steps = 64;        ///< n, at least 0, see TimeOptions
  double threshold = 0.025;         ///< θ, the share of the way that the even steps cover, in (0, 2 L/(n + L)]
  std::ptrdiff_t linear_steps = 0;  ///< L, the number of even steps, from 1 to n - 1; 0 means ⌊n/2⌋
};

/// The share of the way that linear-quadratic times have covered after `share` of their steps.
///
/// It is θ/c of the share up to c = L/n and a parabola from there on.
inline double linear_quadratic_progress(double share, double threshold, double c) {
  const double ratio = threshold / c, beyond = std::fmax(0.0, share - c) / (1 - c);
  return ratio * share + (1 - ratio) * beyond * beyond;
}

/// Many small even steps at the noisy end, then steps that grow; for video models such as Mochi and LTX-Video.
///
///     const auto times = azula::linear_quadratic_times(schedule, {.steps = 64});
///
/// In u = σ/(α + σ), which is σ for a flow model, with n steps of which L are even:
///
///     (u_0 - u_i)/(u_0 - u_n) = θ i/L + (1 - θ n/L) (max(0, i - L)/(n - L))²
///
/// The length of the steps does not jump at i = L. (For models that are not flows, other programs use σ/α for u.)
/// Mochi: https://github.com/genmoai/mochi.
/// \throws std::invalid_argument if the options are out of range.
template <class S>
std::vector<double> linear_quadratic_times(const S& schedule, const LinearQuadraticTimeOptions& options = {}) {
  const char* where = "linear_quadratic_times";
  check({options.start, options.stop, options.steps}, where);
  const std::ptrdiff_t n = options.steps, even = options.linear_steps == 0 ? n / 2 : options.linear_steps;
  require(options.linear_steps >= 0 && (n < 2 || even < n), where, "linear_steps must be from 1 to steps - 1, or 0",
          static_cast<double>(options.linear_steps));
  const double c = static_cast<double>(even) / static_cast<double>(n), most = n < 2 ? 1 : 2 * c / (1 + c);
  require(options.threshold > 0, where, "threshold must be positive", options.threshold);
  require_in(0, most, where, "threshold", options.threshold);
  return in_either_direction(options, [&](const LinearQuadraticTimeOptions& o) {
    const auto level = [&](double t) {
      const auto scales = schedule(t);
      return scales.sigma / (scales.alpha + scales.sigma);
    };
    const double first = level(o.start), last = level(o.stop);
    return times_at_log_snr(schedule, {o.start, o.stop, o.steps}, [=](double share) {
      const double passed = linear_quadratic_progress(share, o.threshold, c);
      const double u = (1 - passed) * first + passed * last;
      return std::log((1 - u) / u);
    });
  });
}

}  // namespace azula
