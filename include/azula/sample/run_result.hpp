#pragma once
/// \file

#include <cstddef>

namespace azula {

/// What Sampler::run() returns: the final state and how far the run has come.
///
///     const auto [state, steps, evaluations, finished] = sampler.run(x, observer);
template <class X>
struct RunResult {
  X state;                     ///< the state at the last time, or where the observer ended the run
  std::ptrdiff_t steps;        ///< how many steps were made
  std::ptrdiff_t evaluations;  ///< how many times the denoiser was evaluated
  bool finished;               ///< whether the run reached its end; false if the observer ended it earlier
};

}  // namespace azula
