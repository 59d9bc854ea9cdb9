#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// Which times a sampler visits: `steps` + 1 of them, from `start` down to `stop`. Where start is less than stop, all
/// functions that take such options return the same times backwards, for going from data to noise. Without a step that is
/// `start` alone, for a grid that goes on: with_clean_end(schedule, linear_times({.steps = n - 1})) for n = 1.
struct TimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, at most 1000000
};

/// \throws std::invalid_argument unless steps are from 0 to 1000000 and start and stop finite and different; `where` is
/// the function that was given the options.
inline void check(const TimeOptions& options, const char* where) {
  require_count(options.steps, 0, where, "steps");
  require_finite(where, "start must be finite", options.start);
  require_finite(where, "stop must be finite", options.stop);
  require(options.start != options.stop, where, "start and stop must differ", options.start);
}

/// What `falling(options)` returns, with options.start > options.stop, backwards if they are given the other way round.
template <class Options, class Falling>
std::vector<double> in_either_direction(Options options, Falling&& falling) {
  if (!(options.start < options.stop)) return falling(options);
  if (options.steps == 0) return {options.start};
  std::swap(options.start, options.stop);
  std::vector<double> times = falling(options);
  std::reverse(times.begin(), times.end());
  return times;
}

/// t_i = start + (stop - start) i/steps, i = 0 … steps. Both ends are met exactly.
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
