#pragma once
/// \file

#include <string>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// An order the Adams–Bashforth family has: 1 to 8. Beyond that the extrapolation amplifies errors of
/// the denoiser by more than a hundred and nobody has found a use for it.
template <int N>
concept MultistepOrder = N >= 1 && N <= max_order;

/// "zAB<3>"
inline std::string with_order(const char* name, int order) {
  return join({name, "<", std::to_string(order), ">"});
}

}  // namespace azula
