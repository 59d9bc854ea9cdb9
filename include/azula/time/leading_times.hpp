#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/time/training_times.hpp"

namespace azula {

/// Options of leading_times().
struct LeadingTimeOptions {
  std::ptrdiff_t steps = 50;     ///< N, from 1 to T
  std::ptrdiff_t offset = 0;     ///< added to each training step (`steps_offset` in diffusers; 1 in Stable Diffusion)
  bool visit_first = true;       ///< whether the last evaluation is at training step `offset` itself
  GridEnd end = GridEnd::clean;  ///< where the last step ends
};

/// Every r-th training step from the clean end: `leading` spacing in diffusers.
///
///     const auto times = azula::leading_times(schedule, {.steps = 50, .offset = 1});
///
/// Use it to reproduce models that ship with it. Neither form visits the noisiest training step, so few steps start
/// from too little noise; trailing_times() does not have this fault. With T training steps, N of them visited:
///
///     k_i = (N - 1 - i) r + offset,    r = ⌊T/N⌋        i = 0 … N-1
///     k_i = (N - i) r + offset,        r = ⌊T/(N + 1)⌋  without the first one
///
/// DDIM, PNDM and Euler samplers use the first form, DPM-Solver the second (visit_first = false).
/// \throws std::invalid_argument if the options are out of range, or the offset leads beyond the last training step.
template <TrainingSchedule S>
std::vector<double> leading_times(const S& schedule, const LeadingTimeOptions& options = {}) {
  const auto count = static_cast<std::ptrdiff_t>(schedule.steps());
  const std::ptrdiff_t skipped = options.visit_first ? 0 : 1;
  check_training_steps(options.steps, count - skipped, "leading_times");
  require(options.offset >= 0, "leading_times", "offset must be at least 0",
          static_cast<double>(options.offset));
  const std::ptrdiff_t ratio = count / (options.steps + skipped);
  std::vector<std::ptrdiff_t> steps;
  for (std::ptrdiff_t i = options.steps - 1 + skipped; i >= skipped; --i)
    steps.push_back(i * ratio + options.offset);
  return training_times(schedule, steps, options.end, "leading_times");
}

}  // namespace azula
