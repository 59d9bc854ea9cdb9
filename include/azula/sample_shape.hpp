#pragma once
/// \file

#include <cstddef>

namespace azula {

/// The number of samples in a state and their size. The value with flat index i is element i % size of sample i / size.
struct SampleShape {
  std::ptrdiff_t samples;  ///< number of samples
  std::ptrdiff_t size;     ///< values per sample
};

}  // namespace azula
