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

/// Training steps from the noisiest on, T/N apart:
///
///     k_i = round(T (N - i)/N) - 1        i = 0 … N-1
///
/// worked out in integers: exactly N steps for every N. Lin et al., Common Diffusion Noise Schedules and
/// Sample Steps are Flawed, 2024 (https://arxiv.org/abs/2305.08891), table 2.
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
