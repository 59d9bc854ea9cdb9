#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// λ = log α/σ, half the logarithm of the signal-to-noise ratio; ±∞ at a clean end or a pure-noise start.
inline double log_snr(double alpha, double sigma) { return std::log(alpha / sigma); }

/// What time_of_log_snr() does for a schedule of which it knows nothing but values: regula falsi, with a bisection
/// every third time so that it cannot creep. No derivative is asked of the schedule, and an infinite value at an
/// end only costs some halvings. The result is as near as double allows.
template <class S>
double search_log_snr(const S& schedule, double lambda, double low, double high) {
  const auto excess = [&](double t) {
    const auto scales = schedule(t);
    return log_snr(scales.alpha, scales.sigma) - lambda;
  };
  double f_low = excess(low), f_high = excess(high);
  if (!(f_low > 0)) return low;
  if (!(f_high < 0)) return high;
  for (int i = 0; i < 200 && high - low > 1e-16 * (std::fabs(low) + std::fabs(high)); ++i) {
    double t = (low * f_high - high * f_low) / (f_high - f_low);
    if (i % 3 == 2 || !(t > low && t < high)) t = low + (high - low) / 2;
    const double f = excess(t);
    if (f == 0 || t <= low || t >= high) return t;
    (f > 0 ? low : high) = t;
    (f > 0 ? f_low : f_high) = f;
  }
  return low + (high - low) / 2;
}

/// The time in [low, high] at which a schedule has log α/σ = `lambda`; the nearer end if there is none. A
/// schedule that has time_of_log_snr(lambda), as all of this library do, is asked for it; any other whose
/// signal-to-noise ratio falls with time is searched.
/// \param low, high  times with low < high
template <class S>
double time_of_log_snr(const S& schedule, double lambda, double low = 0.0, double high = 1.0) {
  if constexpr (requires { schedule.time_of_log_snr(lambda); }) {
    const double t = schedule.time_of_log_snr(lambda);
    return !(t > low) ? low : t < high ? t : high;
  } else {
    return search_log_snr(schedule, lambda, low, high);
  }
}

}  // namespace azula
