#pragma once
/// \file

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "azula/opaque.hpp"

namespace azula {

/// Lanes of one value, without Eigen: for a single counter, and for a thread of a GPU. The operations are those of Lanes
/// and give its bits, there as well: in device code each is an instruction that rounds by itself, which no compiler of
/// CUDA fuses with the next, whatever its flags.
///
/// They are constexpr because this makes them callable from device code, in clang as they are, in nvcc with
/// --expt-relaxed-constexpr; and templates because what they call is not.
class OneLane {
 public:
  using Double = double;
  using Word = std::uint64_t;
  static constexpr std::size_t count = 1;

  static constexpr Double all(Double value) { return value; }
  static constexpr Double abs(Double a) { return as_double(as_word(a) & ~(std::uint64_t{1} << 63)); }
  static constexpr Double as_double(Word word) { return std::bit_cast<Double>(word); }
  static constexpr Word as_word(Double value) { return std::bit_cast<Word>(value); }
  static constexpr Word wide_product(Word a, std::uint64_t b) { return (a & std::uint64_t{0xFFFFFFFFU}) * b; }

#ifdef __CUDA_ARCH__
  template <class T>
  static constexpr T add(T a, T b) {
    if constexpr (sizeof(T) == 4) return __fadd_rn(a, b);
    else return __dadd_rn(a, b);
  }
  template <class T>
  static constexpr T subtract(T a, T b) {
    return add(a, -b);
  }
  template <class T>
  static constexpr T multiply(T a, T b) {
    if constexpr (sizeof(T) == 4) return __fmul_rn(a, b);
    else return __dmul_rn(a, b);
  }
  template <class T>
  static constexpr T divide(T a, T b) {
    return __ddiv_rn(a, b);
  }
  template <class T>
  static constexpr T sqrt(T a) {
    return __dsqrt_rn(a);
  }
#else
  template <class T>
  static constexpr T add(T a, T b) {
    return opaque(a + b);
  }
  template <class T>
  static constexpr T subtract(T a, T b) {
    return opaque(a - b);
  }
  template <class T>
  static constexpr T multiply(T a, T b) {
    return opaque(a * b);
  }
  template <class T>
  static constexpr T divide(T a, T b) {
    return opaque(a / b);
  }
  template <class T>
  static constexpr T sqrt(T a) {
    return opaque(std::sqrt(a));
  }
#endif
};

}  // namespace azula
