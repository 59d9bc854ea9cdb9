#pragma once
/// \file

#include <cstddef>

namespace azula {

/// What an observer is told after a step.
struct StepInfo {
  std::ptrdiff_t index;  ///< the step just made, from 0
  std::ptrdiff_t steps;  ///< how many there are
  double time;           ///< t, where the step came from
  double next;           ///< s, where the state is now
};

}  // namespace azula
