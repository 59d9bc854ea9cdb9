#pragma once
/// \file

#include "azula/interop/cuda/multiply_add.hpp"
#include "azula/sample/update.hpp"

#include <limits>

/// How add_noise and Update round their sums here, which depends on the processor and the flags: whether (1 + e)² - (1
/// + 2 e) is e² or 0.
template <class T>
azula::CudaSums cpu_sums() {
  const T epsilon = std::numeric_limits<T>::epsilon(), factor = 1 + epsilon;
  T x = -(1 + 2 * epsilon);
  azula::add_noise(&x, &factor, factor, 1);
  return x != 0 ? azula::CudaSums::fused : azula::CudaSums::separate;
}
