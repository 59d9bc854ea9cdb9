#pragma once
/// \file

#include <concepts>

namespace azula {

/// How a GPU kernel processes values of type T: the type that it computes in, and the number of values per group.
///
/// `width` values are at least 16 bytes, and at least the four values of a Philox counter. The 16-bit types are in
/// half.cuh: they are computed in float and rounded once, when they are written.
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
