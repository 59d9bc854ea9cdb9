#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/plan/stage.hpp"
#include "azula/plan/step_info.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// Everything that a sampler computes before it sees data. All runs of the sampler share it, and nothing changes it.
struct Plan {
  std::string method;         ///< the name of the method, for messages
  TimeGrid grid;              ///< the times and their scales
  std::vector<Stage> stages;  ///< all stages of all steps, in order
  bool silent;                ///< whether to hide the progress bar
  bool check_finite;          ///< whether a mean that contains NaN or infinity is an error
  double largest = 0;         ///< the largest absolute value of a coefficient in the stages
  std::size_t ring = 0;       ///< how many predictions a run holds, including the current one

  std::ptrdiff_t steps() const { return static_cast<std::ptrdiff_t>(grid.size()) - 1; }

  /// What an observer gets after a step.
  StepInfo info(std::ptrdiff_t step) const {
    const auto i = static_cast<std::size_t>(step);
    return {step, steps(), grid[i].t, grid[i + 1].t};
  }
};

}  // namespace azula
