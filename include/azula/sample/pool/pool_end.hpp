#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <exception>

#include "azula/state.hpp"

namespace azula {

/// How a request has left a Pool.
enum class PoolOutcome {
  finished,   ///< at the last time
  stopped,    ///< its own step callback said so
  cancelled,  ///< by cancel(), while it waited or was under way
  failed,     ///< by the exception in PoolEnd::error
};

/// What a request's end callback is told. Where the outcome is not `finished`, the state is what it was by then.
template <State X>
struct PoolEnd {
  std::uint64_t id;  ///< what submit() has returned
  PoolOutcome outcome;  ///< how it ended
  X state;  ///< the samples, if it has finished
  std::ptrdiff_t steps;        ///< done
  std::ptrdiff_t evaluations;  ///< of the denoiser
  std::exception_ptr error;    ///< null unless it has failed
};

}  // namespace azula
