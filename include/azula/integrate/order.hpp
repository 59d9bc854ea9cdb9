#pragma once
/// \file

#include <string>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The orders that the Adams–Bashforth family has: 1 to 8.
///
/// Beyond 8 the extrapolation amplifies errors of the denoiser by more than a hundred, and no use for it is known.
template <int N>
concept MultistepOrder = N >= 1 && N <= max_order;

/// The name of a method with its order: "zAB<3>".
inline std::string with_order(const char* name, int order) {
  return join({name, "<", std::to_string(order), ">"});
}

}  // namespace azula
