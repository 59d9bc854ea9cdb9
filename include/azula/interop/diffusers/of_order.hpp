#pragma once
/// \file

#include <cstddef>

#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// Makes a method whose order is known only at run time: returns make.operator()<N>() for N = order.
/// \tparam Most  the highest order
template <int Most, class Make, int N = 1>
AnyMethod of_order(std::ptrdiff_t order, const Make& make) {
  if constexpr (N < Most) {
    if (order > N) return of_order<Most, Make, N + 1>(order, make);
  }
  return make.template operator()<N>();
}

}  // namespace azula::diffusers
