#pragma once
/// \file

#include <array>

#include "azula/interop/cuda/scalar.hpp"

namespace azula {

/// Loads and stores the values that a GPU thread processes at once, and converts them to the type that it computes in.
///
/// A pack that is complete and aligned to 16 bytes is accessed in pieces of 16 bytes, another one value by value.
template <class T>
class CudaPack {
  using Scalar = CudaScalar<T>;
  static constexpr int width = Scalar::width;

 public:
  using Values = std::array<typename Scalar::Compute, width>;

  /// Loads a pack.
  /// \tparam Whole  true: all values, at a multiple of 16 bytes; false: the first `count`, the others are 0
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
