#pragma once
/// \file

#include <cstddef>

namespace azula {

/// What an observer gets after a step: which step it was, and between which times.
struct StepInfo {
  std::ptrdiff_t index;  ///< index of the step just made, from 0
  std::ptrdiff_t steps;  ///< total number of steps
  double time;           ///< t, the time before the step
  double next;           ///< s, the time of the state now
};

}  // namespace azula
