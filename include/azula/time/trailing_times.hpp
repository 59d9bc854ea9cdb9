#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/time/training_times.hpp"

namespace azula {

/// Options of trailing_times().
struct TrailingTimeOptions {
  std::ptrdiff_t steps = 50;     ///< N, from 1 to T
  GridEnd end = GridEnd::clean;  ///< where the last step ends
};

/// Training steps spaced evenly from the noisiest one on: `trailing` spacing in diffusers.
///
///     const auto times = azula::trailing_times(schedule, {.steps = 20});
///
/// With T training steps, N of them visited:
///
///     k_i = round(T (N - i)/N) - 1        i = 0 … N-1
///
/// The grid starts at full noise, unlike leading_times(). It is computed in integers and has exactly N steps for every
/// N.
/// Lin et al., Common Diffusion Noise Schedules and Sample Steps are Flawed, 2024 (https://arxiv.org/abs/2305.08891),
/// table 2.
/// \throws std::invalid_argument if steps is out of range.
template <TrainingSchedule S>
std::vector<double> trailing_times(const S& schedule, const TrailingTimeOptions& options = {}) {
  const auto count = static_cast<std::ptrdiff_t>(schedule.steps());
  check_training_steps(options.steps, count, "trailing_times");
  std::vector<std::ptrdiff_t> steps;
  for (std::ptrdiff_t i = options.steps; i >= 1; --i)
    steps.push_back(rounded_ratio(count * i, options.steps) - 1);
  return training_times(schedule, steps, options.end, "trailing_times");
}

}  // namespace azula
