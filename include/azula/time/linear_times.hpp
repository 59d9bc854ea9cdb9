#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Which times a sampler visits: `steps` + 1 of them, from `start` down to `stop`. Where start is less than stop, all
/// functions that take such options return the same times backwards, for going from data to noise.
struct TimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< from 1 to a million
};

/// \throws std::invalid_argument unless steps are from 1 to a million and start and stop finite and different; `where`
/// is the function that was given the options.
inline void check(const TimeOptions& options, const char* where) {
  require_count(options.steps, 1, where, "steps");
  require(is_finite(options.start), where, "start must be finite", options.start);
  require(is_finite(options.stop), where, "stop must be finite", options.stop);
  require(options.start != options.stop, where, "start and stop must differ", options.start);
}

/// What `falling(options)` returns, with options.start > options.stop, backwards if they are given the other way round.
template <class Options, class Falling>
std::vector<double> in_either_direction(Options options, Falling&& falling) {
  if (!(options.start < options.stop)) return falling(options);
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
    std::vector<double> times(static_cast<std::size_t>(o.steps) + 1);
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(o.steps);
      times[i] = (1 - share) * o.start + share * o.stop;
    }
    return times;
  });
}

}  // namespace azula
