#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/plan/stage.hpp"
#include "azula/plan/step_info.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// What a sampler has worked out before it sees any data; its runs share it and never change it.
struct Plan {
  std::string method;         ///< as messages name it
  TimeGrid grid;              ///< the times and scales
  std::vector<Stage> stages;  ///< all stages of all steps, in order
  bool silent;                ///< no progress bar
  bool check_finite;          ///< a mean with NaN or infinity is an error
  double largest = 0;         ///< the largest size of a number in the stages
  std::size_t ring = 0;       ///< how many predictions a run holds, the current one included

  std::ptrdiff_t steps() const { return static_cast<std::ptrdiff_t>(grid.size()) - 1; }

  /// What an observer is told of a step.
  StepInfo info(std::ptrdiff_t step) const {
    const auto i = static_cast<std::size_t>(step);
    return {step, steps(), grid[i].t, grid[i + 1].t};
  }
};

}  // namespace azula
