#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/time/linear_times.hpp"

namespace azula {

/// The times at which log α/σ takes the values `lambda(i/steps)`: a building block for grids, also for grids of your
/// own.
///
/// `lambda` must rise from the value of log α/σ at start to its value at stop, and start must be greater than stop.
/// Both ends are met exactly.
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

/// log α/σ at time t, for grids that are even in a function of σ/α and have no finite spacing where it is infinite.
/// \throws std::invalid_argument unless the schedule is defined at `t` and has α > 0 and σ > 0 there.
template <class S>
double finite_log_snr(const S& schedule, double t, const char* where) {
  require_time(schedule, where, t);
  const auto scales = schedule(t);
  const double lambda = log_snr(scales.alpha, scales.sigma);
  if (!is_finite(lambda)) {
    reject(where, "alpha and sigma must be positive at time " + show(t) + "; move start or stop inwards",
           "alpha = " + show(scales.alpha) + ", sigma = " + show(scales.sigma));
  }
  return lambda;
}

/// Times even in log α/σ, for many steps of methods that work in this variable, such as xEAB and zEAB.
///
///     const auto times = azula::log_snr_times(schedule, {.stop = 0.01, .steps = 20});
///
/// α must be positive at start and σ at stop: where the schedule ends at σ = 0, stop before its end. Other programs
/// call the grid "exponential", and DPM-Solver its logSNR grid.
/// \throws std::invalid_argument if the options are out of range, or log α/σ is infinite at start or at stop.
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
