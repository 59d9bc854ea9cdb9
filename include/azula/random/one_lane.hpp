#pragma once
/// \file

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "azula/opaque.hpp"

namespace azula {

/// The arithmetic of Lanes for a single value, without Eigen: for one Philox counter, and for GPU threads.
///
/// The operations give the same bits as Lanes, on a GPU too: in device code each is one instruction that IEEE 754
/// rounds, which is fused with no other, whatever the flags.
///
/// The functions are constexpr so that device code can call them: with clang as they are, with nvcc under
/// --expt-relaxed-constexpr. They are templates because the functions that they call are not constexpr.
class OneLane {
 public:
  using Double = double;
  using Word = std::uint64_t;
  static constexpr std::size_t count = 1;

  static constexpr Double all(Double value) { return value; }
  static constexpr Double abs(Double a) { return as_double(as_word(a) & ~(std::uint64_t{1} << 63)); }
  static constexpr Double as_double(Word word) { return std::bit_cast<Double>(word); }
  static constexpr Word as_word(Double value) { return std::bit_cast<Word>(value); }

#ifdef __CUDA_ARCH__
  // These are PTX instructions because clang 14 fuses __nvvm_mul_rn_d with __nvvm_add_rn_d, on which its __dmul_rn and
  // __dadd_rn are built, and because compilers turn the 64-bit product into several instructions.
  template <class V>
  static constexpr V wide_product(V a, std::uint32_t b) {
    V product;
    asm("mul.wide.u32 %0, %1, %2;" : "=l"(product) : "r"(static_cast<std::uint32_t>(a)), "r"(b));
    return product;
  }
  template <class T>
  static constexpr T add(T a, T b) {
    if constexpr (sizeof(T) == 4) asm("add.rn.f32 %0, %1, %2;" : "=f"(a) : "f"(a), "f"(b));
    if constexpr (sizeof(T) == 8) asm("add.rn.f64 %0, %1, %2;" : "=d"(a) : "d"(a), "d"(b));
    return a;
  }
  template <class T>
  static constexpr T subtract(T a, T b) {
    return add(a, -b);
  }
  template <class T>
  static constexpr T multiply(T a, T b) {
    if constexpr (sizeof(T) == 4) asm("mul.rn.f32 %0, %1, %2;" : "=f"(a) : "f"(a), "f"(b));
    if constexpr (sizeof(T) == 8) asm("mul.rn.f64 %0, %1, %2;" : "=d"(a) : "d"(a), "d"(b));
    return a;
  }
  template <class T>
  static constexpr T divide(T a, T b) {
    asm("div.rn.f64 %0, %1, %2;" : "=d"(a) : "d"(a), "d"(b));
    return a;
  }
  template <class T>
  static constexpr T sqrt(T a) {
    asm("sqrt.rn.f64 %0, %1;" : "=d"(a) : "d"(a));
    return a;
  }
#else
  static constexpr Word wide_product(Word a, std::uint32_t b) {
    return Word{static_cast<std::uint32_t>(a)} * b;
  }
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
