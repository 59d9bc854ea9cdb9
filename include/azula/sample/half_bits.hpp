#pragma once
/// \file

#include <cstddef>
#include <cstdint>

namespace azula {

/// Floats from and to half and bfloat16 by their bits, many side by side, where there is no instruction for it: rounded to
/// nearest, ties to even, with subnormal numbers, infinity and NaN, whatever -ffast-math or the processor's mode is.
///
/// Giesen, Half to float done quick, 2012 (https://fgiesen.wordpress.com/2012/03/28/half-to-float-done-quic/).
template <std::size_t Count>
struct HalfBits {
  typedef std::uint32_t Words __attribute__((vector_size(4 * Count)));
  typedef std::uint16_t Halves __attribute__((vector_size(2 * Count)));
  typedef float Floats __attribute__((vector_size(4 * Count)));

  static Words from_bfloat16(Words h) { return h << 16; }

  static Words to_bfloat16(Words f) {
    const Words nan = Words((f & 0x7FFFFFFFU) > 0x7F800000U), rounded = (f + 0x7FFFU + ((f >> 16) & 1U)) >> 16;
    return select(nan, (f >> 16) | 0x40U, rounded);
  }

  static Words from_half(Words h) {
    constexpr std::uint32_t exponents = 0x7C00U << 13, rebias = (127U - 15U) << 23;
    Words f = (h & 0x7FFFU) << 13;
    const Words exponent = f & exponents;
    f += rebias + (Words(exponent == exponents) & rebias);
    // What has no leading one is given one, which is then taken away.
    const Words subnormal = bits(floats(f + (1U << 23)) - floats(broadcast(113U << 23)));
    return select(Words(exponent == 0U), subnormal, f) | (h & 0x8000U) << 16;
  }

  static Words to_half(Words f) {
    const Words sign = f & 0x80000000U, size = f ^ sign;
    const Words special = select(Words(size > 0x7F800000U), broadcast(0x7E00U), broadcast(0x7C00U));
    // Added to ½, a number loses the digits that a subnormal half has no place for.
    const Words subnormal = bits(floats(size) + floats(broadcast(126U << 23))) - (126U << 23);
    const Words normal = (size + 0xC8000FFFU + ((size >> 13) & 1U)) >> 13;  // 0xC8000000: (15 - 127) in the exponent
    const Words ordinary = select(Words(size < (113U << 23)), subnormal, normal);
    return select(Words(size >= (143U << 23)), special, ordinary) | sign >> 16;
  }

 private:
  static Words broadcast(std::uint32_t word) { return Words{} + word; }
  static Words select(Words mask, Words yes, Words no) { return (mask & yes) | (~mask & no); }
  static Floats floats(Words words) { return reinterpret_cast<Floats>(words); }
  static Words bits(Floats values) { return reinterpret_cast<Words>(values); }
};

}  // namespace azula
