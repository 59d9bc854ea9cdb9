#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// The times that a sampler visits: `steps` + 1 of them, from `start` down to `stop`.
///
/// If start is less than stop, all functions with such options return the same times in reverse, for going from data to
/// noise. Without a step they return `start` alone, for a grid that is continued, as here for n = 1:
///
///     azula::with_clean_end(schedule, azula::linear_times({.steps = n - 1}))
struct TimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, at most 1000000
};

/// Checks the options of a grid; `where` is the function that was given them.
/// \throws std::invalid_argument unless steps are from 0 to 1000000 and start and stop are finite and different.
inline void check(const TimeOptions& options, const char* where) {
  require_count(options.steps, 0, where, "steps");
  require_finite(where, "start must be finite", options.start);
  require_finite(where, "stop must be finite", options.stop);
  require(options.start != options.stop, where, "start and stop must differ", options.start);
}

/// The times that `falling` returns for falling times, in reverse if start and stop are given the other way round.
///
/// `falling(options)` is called with options.start > options.stop.
template <class Options, class Falling>
std::vector<double> in_either_direction(Options options, Falling&& falling) {
  if (!(options.start < options.stop)) return falling(options);
  if (options.steps == 0) return {options.start};
  std::swap(options.start, options.stop);
  std::vector<double> times = falling(options);
  std::reverse(times.begin(), times.end());
  return times;
}

/// Evenly spaced times, the default of a sampler.
///
/// Use them for flow models, for few steps of methods inside Bounded, and for schedules whose time already is a grid of
/// noise levels, such as EDMSchedule.
///
///     azula::Sampler sampler(denoiser, azula::vAB<2>{}, azula::linear_times({.stop = 0.01, .steps = 20}));
///
/// t_i = start + (stop - start) i/steps for i from 0 to steps. Both ends are met exactly.
/// \throws std::invalid_argument if the options are out of range.
inline std::vector<double> linear_times(const TimeOptions& options = {}, const char* where = "linear_times") {
  check(options, where);
  return in_either_direction(options, [](const TimeOptions& o) {
    std::vector<double> times(static_cast<std::size_t>(o.steps) + 1, o.start);
    for (std::size_t i = 1; i < times.size(); ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(o.steps);
      times[i] = (1 - share) * o.start + share * o.stop;
    }
    return times;
  });
}

}  // namespace azula
