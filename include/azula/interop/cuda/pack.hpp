#pragma once
/// \file

#include <array>

#include "azula/interop/cuda/scalar.hpp"

namespace azula {

/// The values that a thread takes at once, in the type that it computes in, and the way from memory and back: by
/// accesses of 16 bytes where the whole pack lies at a multiple of them, else one by one.
template <class T>
class CudaPack {
  using Scalar = CudaScalar<T>;
  static constexpr int width = Scalar::width;

 public:
  using Values = std::array<typename Scalar::Compute, width>;

  /// Whole: all values, at a multiple of 16 bytes. Else the first `count`; the others are 0.
  template <bool Whole>
  [[gnu::always_inline]] static constexpr Values load(const T* from, int count) {
    Values values{};
    if constexpr (Whole) {
      const Memory memory = *reinterpret_cast<const Memory*>(from);
      for (int j = 0; j < width; ++j) values[at(j)] = Scalar::widen(memory.values[j]);
    } else {
      for (int j = 0; j < width; ++j) {
        if (j < count) values[at(j)] = Scalar::widen(from[j]);
      }
    }
    return values;
  }

  template <bool Whole>
  [[gnu::always_inline]] static constexpr void store(T* to, const Values& values, int count) {
    if constexpr (Whole) {
      Memory memory;
      for (int j = 0; j < width; ++j) memory.values[j] = Scalar::narrow(values[at(j)]);
      *reinterpret_cast<Memory*>(to) = memory;
    } else {
      for (int j = 0; j < width; ++j) {
        if (j < count) to[j] = Scalar::narrow(values[at(j)]);
      }
    }
  }

 private:
  struct alignas(16) Memory {
    T values[width];
  };
  static constexpr typename Values::size_type at(int j) { return static_cast<typename Values::size_type>(j); }
};

}  // namespace azula
