#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/time/training_times.hpp"

namespace azula {

/// Options of linspace_times().
struct LinspaceTimeOptions {
  std::ptrdiff_t steps = 50;     ///< N, at least 1
  bool rounded = false;          ///< whether to round to whole training steps; then N is at most T
  bool visit_first = true;       ///< whether the last evaluation is at training step 0
  GridEnd end = GridEnd::clean;  ///< where the last step ends
};

/// Training steps spaced evenly from the noisiest one, T-1, down to step 0: `linspace` spacing in diffusers.
///
///     const auto times = azula::linspace_times(schedule, {.steps = 20});
///
/// N training steps are visited:
///
///     k_i = (T - 1) (N - 1 - i)/(N - 1)    i = 0 … N-1, both ends visited
///     k_i = (T - 1) (N - i)/N              without the first one
///
/// In other programs Euler, Heun and LMS use the first form; DPM-Solver, DEIS and UniPC use the second with whole
/// training steps: {.rounded = true, .visit_first = false}. With N = 1 only T-1 is visited.
/// \throws std::invalid_argument if steps is out of range.
template <TrainingSchedule S>
std::vector<double> linspace_times(const S& schedule, const LinspaceTimeOptions& options = {}) {
  const auto count = static_cast<std::ptrdiff_t>(schedule.steps());
  const std::ptrdiff_t n = options.steps, skipped = options.visit_first ? 0 : 1;
  if (options.rounded) check_training_steps(n, count - skipped, "linspace_times");
  require_count(n, 1, "linspace_times", "steps");
  std::vector<double> steps{static_cast<double>(count - 1)};
  const std::ptrdiff_t intervals = n - 1 + skipped;
  for (std::ptrdiff_t i = intervals - 1; i >= skipped; --i) {
    const std::ptrdiff_t scaled = (count - 1) * i;
    steps.push_back(options.rounded ? static_cast<double>(rounded_ratio(scaled, intervals))
                                    : static_cast<double>(scaled) / static_cast<double>(intervals));
  }
  return training_times(schedule, steps, options.end, "linspace_times");
}

}  // namespace azula
