#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// Returns λ = log α/σ, half the logarithm of the signal-to-noise ratio. It is ∞ at σ = 0 and -∞ at α = 0.
inline double log_snr(double alpha, double sigma) { return std::log(alpha / sigma); }

/// Finds the time in [low, high] at which any schedule has log α/σ = `lambda`, from values of the schedule alone.
///
/// The ratio must fall with time; if lambda is not reached, the result is the nearer end. The search is regula falsi
/// with a bisection in every third iteration, so that it cannot stall. It needs no derivative, and infinite values at
/// the ends cost only a few halvings. The result is accurate to the precision of double.
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

/// Returns the time in [low, high] at which a schedule has log α/σ = `lambda`, or the nearer end if there is none.
///
/// If the schedule has a member time_of_log_snr(lambda), that is called; all schedules of this library have it. For any
/// other schedule the time is searched, and its signal-to-noise ratio must fall with time.
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
