#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Which times a sampler visits: `steps` + 1 of them, from `start` down to `stop`.
struct TimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 1
};

/// \throws std::invalid_argument unless steps >= 1 and start > stop, both finite; `where` is the function
/// that was given the options.
inline void check(const TimeOptions& options, const char* where) {
  require(options.steps >= 1, where, "steps must be at least 1", static_cast<double>(options.steps));
  require(is_finite(options.start), where, "start must be finite", options.start);
  require(is_finite(options.stop), where, "stop must be finite", options.stop);
  require(options.start > options.stop, where, "start must be greater than stop", options.start);
}

/// t_i = start + (stop - start) i/steps, i = 0 … steps. Both ends are met exactly.
/// \throws std::invalid_argument if the options are out of range.
inline std::vector<double> linear_times(const TimeOptions& options = {}, const char* where = "linear_times") {
  check(options, where);
  std::vector<double> times(static_cast<std::size_t>(options.steps) + 1);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(options.steps);
    times[i] = (1 - share) * options.start + share * options.stop;
  }
  return times;
}

}  // namespace azula
