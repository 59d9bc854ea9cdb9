#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// Which times a sampler visits: `steps` + 1 of them, from `start` down to `stop`. Without a step that is `start`
/// alone, for a grid that goes on: with_clean_end(schedule, linear_times({.steps = n - 1})) for n = 1.
struct TimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, at most 1000000
};

/// \throws std::invalid_argument unless steps are in [0, 1000000] and start > stop, both finite; `where` is the
/// function that was given the options.
inline void check(const TimeOptions& options, const char* where) {
  require_in(0, most_steps, where, "steps", static_cast<double>(options.steps));
  require_finite(where, "start must be finite", options.start);
  require_finite(where, "stop must be finite", options.stop);
  require(options.start > options.stop, where, "start must be greater than stop", options.start);
}

/// t_i = start + (stop - start) i/steps, i = 0 … steps. Both ends are met exactly.
/// \throws std::invalid_argument if the options are out of range.
inline std::vector<double> linear_times(const TimeOptions& options = {}, const char* where = "linear_times") {
  check(options, where);
  std::vector<double> times(static_cast<std::size_t>(options.steps) + 1, options.start);
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(options.steps);
    times[i] = (1 - share) * options.start + share * options.stop;
  }
  return times;
}

}  // namespace azula
