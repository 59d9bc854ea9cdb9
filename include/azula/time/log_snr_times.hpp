#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/time/linear_times.hpp"

namespace azula {

/// Times at which log α/σ takes the values `lambda(i/steps)`, with both ends exact. The building block of
/// the grids below, and of a user's own: lambda must rise from its value at start to that at stop, start > stop.
template <class S, class Lambda>
std::vector<double> times_at_log_snr(const S& schedule, const TimeOptions& options, Lambda&& lambda) {
  std::vector<double> times(static_cast<std::size_t>(options.steps) + 1);
  for (std::size_t i = 1; i + 1 < times.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(options.steps);
    times[i] = time_of_log_snr(schedule, lambda(share), options.stop, options.start);
  }
  times.back() = options.stop;
  times.front() = options.start;
  return times;
}

/// \throws std::invalid_argument unless α > 0 and σ > 0 at `t`: a grid even in a function of σ/α has no
/// finite spacing there.
template <class S>
double finite_log_snr(const S& schedule, double t, const char* where) {
  const auto scales = schedule(t);
  const double lambda = log_snr(scales.alpha, scales.sigma);
  if (!is_finite(lambda)) {
    reject(where, "alpha and sigma must be positive at time " + show(t) + "; move start or stop inwards",
           "alpha = " + show(scales.alpha) + ", sigma = " + show(scales.sigma));
  }
  return lambda;
}

/// Times even in log α/σ (the "exponential" grid; the logSNR grid of DPM-Solver).
/// \throws std::invalid_argument if the options are out of range or an end of the schedule is infinite in
/// this variable.
template <class S>
std::vector<double> log_snr_times(const S& schedule, const TimeOptions& options = {}) {
  check(options, "log_snr_times");
  return in_either_direction(options, [&](const TimeOptions& o) {
    const double first = finite_log_snr(schedule, o.start, "log_snr_times");
    const double last = finite_log_snr(schedule, o.stop, "log_snr_times");
    return times_at_log_snr(schedule, o, [=](double share) { return first + share * (last - first); });
  });
}

}  // namespace azula
