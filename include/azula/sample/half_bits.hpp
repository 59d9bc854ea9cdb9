#pragma once
/// \file

#include <cstddef>
#include <cstdint>

namespace azula {

/// Converts between float and half or bfloat16 by bit operations on vectors, for targets without an instruction for it.
/// It rounds to nearest, ties to even, and handles subnormal numbers, infinity and NaN.
///
/// Giesen, Half to float done quick, 2012 (https://fgiesen.wordpress.com/2012/03/28/half-to-float-done-quic/).
template <std::size_t Count>
struct HalfBits {
  typedef std::uint32_t Words __attribute__((vector_size(4 * Count)));
  typedef std::uint16_t Halves __attribute__((vector_size(2 * Count)));
  typedef float Floats __attribute__((vector_size(4 * Count)));

  [[gnu::always_inline]] static Words from_bfloat16(Words h) { return h << 16; }

  [[gnu::always_inline]] static Words to_bfloat16(Words f) {
    const Words nan = less(broadcast(0x7F800000U), f & 0x7FFFFFFFU), rounded = (f + 0x7FFFU + ((f >> 16) & 1U)) >> 16;
    return select(nan, (f >> 16) | 0x40U, rounded);
  }

  [[gnu::always_inline]] static Words from_half(Words h) {
    constexpr std::uint32_t exponents = 0x7C00U << 13, rebias = (127U - 15U) << 23;
    Words f = (h & 0x7FFFU) << 13;
    const Words exponent = f & exponents;
    f += rebias + (Words(exponent == exponents) & rebias);
    // A subnormal half has no implicit leading one. It is given one, which the subtraction removes again.
    const Words subnormal = bits(floats(f + (1U << 23)) - floats(broadcast(113U << 23)));
    return select(Words(exponent == 0U), subnormal, f) | (h & 0x8000U) << 16;
  }

  [[gnu::always_inline]] static Words to_half(Words f) {
    const Words sign = f & 0x80000000U, size = f ^ sign;
    const Words special = select(less(broadcast(0x7F800000U), size), broadcast(0x7E00U), broadcast(0x7C00U));
    // Adding ½ rounds away the digits for which a subnormal half has no room.
    const Words subnormal = bits(floats(size) + floats(broadcast(126U << 23))) - (126U << 23);
    const Words normal = (size + 0xC8000FFFU + ((size >> 13) & 1U)) >> 13;  // 0xC8000000: (15 - 127) in the exponent
    const Words ordinary = select(less(size, broadcast(113U << 23)), subnormal, normal);
    return select(less(size, broadcast(143U << 23)), ordinary, special) | sign >> 16;
  }

 private:
  typedef std::int32_t Signed __attribute__((vector_size(4 * Count)));

  [[gnu::always_inline]] static Words broadcast(std::uint32_t word) { return Words{} + word; }
  /// Whether a < b, for numbers below 2^31. The numbers are compared as signed, because SSE2 has no unsigned
  /// comparison.
  [[gnu::always_inline]] static Words less(Words a, Words b) {
    return reinterpret_cast<Words>(reinterpret_cast<Signed>(a) < reinterpret_cast<Signed>(b));
  }
  [[gnu::always_inline]] static Words select(Words mask, Words yes, Words no) { return (mask & yes) | (~mask & no); }
  [[gnu::always_inline]] static Floats floats(Words words) { return reinterpret_cast<Floats>(words); }
  [[gnu::always_inline]] static Words bits(Floats values) { return reinterpret_cast<Words>(values); }
};

}  // namespace azula
