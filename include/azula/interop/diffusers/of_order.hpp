#pragma once
/// \file

#include <cstddef>

#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// A method of the order that a configuration names: make.operator()<N>() for N = order.
template <int Most, class Make, int N = 1>
AnyMethod of_order(std::ptrdiff_t order, const Make& make) {
  if constexpr (N < Most) {
    if (order > N) return of_order<Most, Make, N + 1>(order, make);
  }
  return make.template operator()<N>();
}

}  // namespace azula::diffusers
