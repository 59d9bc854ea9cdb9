#pragma once
/// \file

#include <cstddef>

namespace azula {

/// How a draw of noise is cut into samples: flat index i is element i % size of sample i / size.
struct SampleShape {
  std::ptrdiff_t samples;  ///< number of samples
  std::ptrdiff_t size;     ///< values per sample
};

}  // namespace azula
