#pragma once
/// \file

#include "azula/sample_shape.hpp"

namespace azula {

/// One draw of noise for a whole state: how it is cut into samples and the step it is for.
struct Draw {
  SampleShape shape;  ///< flat index i is element i % size of sample i / size
  double from = 1;    ///< time before the update
  double to = 1;      ///< time after it; from == to: noise that belongs to no step (the initial state)
};

}  // namespace azula
