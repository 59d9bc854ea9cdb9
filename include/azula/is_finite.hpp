#pragma once
/// \file

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "azula/is_finite.hpp"

namespace azula {

/// Whether a value is neither infinite nor NaN, by its bits: under -ffast-math compilers take the answer of
/// std::isfinite for granted.
template <std::floating_point T>
constexpr bool is_finite(T value) {
  using Bits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  constexpr Bits exponent = ~Bits{0} << std::numeric_limits<T>::digits >> 1;  // all its bits
  return (std::bit_cast<Bits>(value) & exponent) != exponent;
}

}  // namespace azula
