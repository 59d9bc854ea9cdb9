#pragma once
/// \file

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "azula/is_finite.hpp"

namespace azula {

/// Whether a value is neither infinite nor NaN. It looks at the bits of the value, because under -ffast-math a compiler
/// may assume that std::isfinite is always true.
template <std::floating_point T>
constexpr bool is_finite(T value) {
  using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  constexpr Bits exponent = ~Bits{0} << std::numeric_limits<T>::digits >> 1;  // mask of all exponent bits
  return (std::bit_cast<Bits>(value) & exponent) != exponent;
}

/// Whether a value of a 16-bit type, such as Eigen::half, is neither infinite nor NaN.
template <class T>
  requires(!std::is_arithmetic_v<T> && sizeof(T) == 2)
bool is_finite(T value) {
  return is_finite(static_cast<float>(value));
}

/// Whether all values of a vector or matrix are finite.
template <class Values>
bool all_finite(const Values& values) {
  for (std::ptrdiff_t j = 0; j < values.cols(); ++j) {
    for (std::ptrdiff_t i = 0; i < values.rows(); ++i) {
      if (!is_finite(values(i, j))) return false;
    }
  }
  return true;
}

/// Whether a value is NaN. It looks at the bits of the value, like is_finite().
template <std::floating_point T>
constexpr bool is_nan(T value) {
  using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  constexpr Bits infinity = std::bit_cast<Bits>(std::numeric_limits<T>::infinity());
  return std::bit_cast<Bits>(value) << 1 > infinity << 1;  // the shift drops the sign bit
}

template <class T>
  requires(!std::is_arithmetic_v<T> && sizeof(T) == 2)
bool is_nan(T value) {
  return is_nan(static_cast<float>(value));
}

}  // namespace azula
