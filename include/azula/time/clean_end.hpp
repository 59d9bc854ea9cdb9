#pragma once
/// \file

#include <utility>
#include <vector>

#include "azula/noise/clean_time.hpp"

namespace azula {

/// Appends the time at which the schedule's σ is 0, for grids that are defined between positive noise levels.
///
///     azula::with_clean_end(schedule, azula::karras_times(schedule, {.stop = schedule.time_of(0), .steps = n - 1}))
///
/// Karras' grid is one of them: n - 1 steps between positive levels, and a last one to σ = 0.
/// \throws std::invalid_argument if the schedule never reaches σ = 0.
template <class S>
std::vector<double> with_clean_end(const S& schedule, std::vector<double> times) {
  times.push_back(clean_time(schedule, "with_clean_end"));
  return times;
}

}  // namespace azula
