#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <exception>

#include "azula/state.hpp"

namespace azula {

/// How a request has ended in a Pool.
enum class PoolOutcome {
  finished,   ///< it reached the last time
  stopped,    ///< its step callback returned false
  cancelled,  ///< cancel() was called while it was waiting or active
  failed,     ///< an exception ended it, see PoolEnd::error
};

/// What a Pool passes to the end callback of a request. Unless the outcome is `finished`, the state is the one at which
/// the request ended.
template <State X>
struct PoolEnd {
  std::uint64_t id;            ///< the number that submit() returned
  PoolOutcome outcome;         ///< how the request ended
  X state;                     ///< the samples, if it finished
  std::ptrdiff_t steps;        ///< how many steps were made
  std::ptrdiff_t evaluations;  ///< how many times the denoiser was evaluated for it
  std::exception_ptr error;    ///< the exception if it failed, otherwise null
};

}  // namespace azula
