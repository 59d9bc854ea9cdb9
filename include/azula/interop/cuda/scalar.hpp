#pragma once
/// \file

#include <concepts>

namespace azula {

/// What a kernel makes of a scalar in the memory of a GPU: the type that it computes in, and how many values a thread
/// takes at once, which are 16 bytes and at least the four of a Philox counter. Those of 16 bits are in half.cuh: they
/// are computed in float, and rounded once, when they are written.
template <class T>
struct CudaScalar;

template <std::floating_point T>
struct CudaScalar<T> {
  using Compute = T;
  static constexpr int width = 4;
  static constexpr Compute widen(T value) { return value; }
  static constexpr T narrow(Compute value) { return value; }
};

}  // namespace azula
