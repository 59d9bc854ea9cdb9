#pragma once
/// \file

#include <cstddef>

namespace azula {

/// What Sampler::run returns.
template <class X>
struct RunResult {
  X state;                     ///< x at the last time, or where the observer stopped
  std::ptrdiff_t steps;        ///< that were made
  std::ptrdiff_t evaluations;  ///< of the denoiser
  bool finished;               ///< false if the observer stopped the run before its end
};

}  // namespace azula
