#pragma once
/// \file

#include <Eigen/Core>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "azula/opaque.hpp"

namespace azula {

/// SIMD arithmetic on doubles and 64-bit words that gives the same bits on every instruction set.
///
/// A Double or a Word holds `count` values, as many as one instruction of the target processes. They are Eigen's
/// packets, with the integer operations that Eigen lacks.
///
/// Every operation gives the same bits for any number of lanes. The operations that IEEE 754 rounds correctly
/// (+ - × ÷ √) are rounded one by one: each result passes through opaque(). This stops the compiler from contracting
/// a·b + c to one rounding, as g++ does by default where the target has FMA, and from reordering under -ffast-math.
class Lanes {
 public:
  using Double = Eigen::internal::packet_traits<double>::type;
  static constexpr std::size_t count = Eigen::internal::packet_traits<double>::size;

 private:
  template <std::size_t N, class = void>
  struct Words {
    typedef std::uint64_t type __attribute__((vector_size(8 * N)));
  };
  template <class V>
  struct Words<1, V> {
    using type = std::uint64_t;
  };

 public:
  using Word = typename Words<count>::type;

  static Double all(double value) { return Eigen::internal::pset1<Double>(value); }
  static Double add(Double a, Double b) { return opaque(Eigen::internal::padd(a, b)); }
  static Double subtract(Double a, Double b) { return opaque(Eigen::internal::psub(a, b)); }
  static Double multiply(Double a, Double b) { return opaque(Eigen::internal::pmul(a, b)); }
  static Double divide(Double a, Double b) { return opaque(Eigen::internal::pdiv(a, b)); }
  static Double sqrt(Double a) { return opaque(Eigen::internal::psqrt(a)); }
  static Double abs(Double a) { return Eigen::internal::pabs(a); }

  static Double as_double(Word word) { return std::bit_cast<Double>(word); }
  static Word as_word(Double value) { return std::bit_cast<Word>(value); }

  static Word load(const std::uint64_t* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
  static Double load(const double* from) { return Eigen::internal::ploadu<Double>(from); }
  static void store(std::uint64_t* to, Word word) { std::memcpy(to, &word, sizeof word); }
  static void store(double* to, Double value) { Eigen::internal::pstoreu(to, value); }

  /// The 64-bit product of the low 32-bit halves, the only product that Philox needs.
  template <class V>  // a template, so that branches for other widths are not compiled
  static V wide_product(V a, std::uint64_t b) {
#ifdef EIGEN_VECTORIZE_AVX2
    if constexpr (sizeof(V) == 32) {
      return V(_mm256_mul_epu32(__m256i(a), _mm256_set1_epi64x(static_cast<long long>(b))));
    }
#endif
#ifdef EIGEN_VECTORIZE_SSE2
    if constexpr (sizeof(V) == 16) {
      return V(_mm_mul_epu32(__m128i(a), _mm_set1_epi64x(static_cast<long long>(b))));
    }
#endif
    return (a & std::uint64_t{0xFFFFFFFFU}) * b;
  }
};

}  // namespace azula
