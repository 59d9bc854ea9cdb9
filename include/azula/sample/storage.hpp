#pragma once
/// \file

#include <Eigen/Core>

#include <bit>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "azula/sample/half_bits.hpp"
#include "azula/state/real.hpp"

namespace azula {

/// Loads and stores packets of real_t<T> in memory of type T. Values of 16 bits are converted to float on loading and
/// rounded on storing, by one instruction if the target has F16C.
template <class T>
class Storage {
 public:
  using Real = real_t<T>;

  /// Loads a V, which is a packet or a single Real.
  template <class V>
  EIGEN_ALWAYS_INLINE static V load(const T* from) {
    if constexpr (!is_half<T>) {
      return Eigen::internal::ploadu<V>(from);
    } else if constexpr (sizeof(V) == sizeof(float)) {
      return V(static_cast<float>(*from));
    } else {
      return widened<V>(from);
    }
  }

  template <class V>
  EIGEN_ALWAYS_INLINE static void store(T* to, V value) {
    if constexpr (!is_half<T>) {
      Eigen::internal::pstoreu(to, value);
    } else if constexpr (sizeof(V) == sizeof(float)) {
      *to = static_cast<T>(value);
    } else {
      rounded(to, value);
    }
  }

  static void widen(const T* from, Real* to, std::ptrdiff_t n) {
    std::ptrdiff_t i = 0;
    for (; i + width <= n; i += width) Eigen::internal::pstoreu(to + i, load<Packet>(from + i));
    for (; i < n; ++i) to[i] = static_cast<Real>(from[i]);
  }

  static void round(const Real* from, T* to, std::ptrdiff_t n) {
    std::ptrdiff_t i = 0;
    for (; i + width <= n; i += width) store(to + i, Eigen::internal::ploadu<Packet>(from + i));
    for (; i < n; ++i) to[i] = static_cast<T>(from[i]);
  }

 private:
  using Packet = typename Eigen::internal::packet_traits<Real>::type;
  static constexpr std::ptrdiff_t width = Eigen::internal::packet_traits<Real>::size;

  template <class V>
  using Bits = HalfBits<sizeof(V) / sizeof(float)>;

  template <class V>
  EIGEN_ALWAYS_INLINE static V widened(const T* from) {
#ifdef __F16C__
    if constexpr (std::is_same_v<T, Eigen::half> && sizeof(V) == 32) {
      return V(_mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
    }
#endif
    typename Bits<V>::Halves halves;
    std::memcpy(&halves, from, sizeof halves);
    const auto words = __builtin_convertvector(halves, typename Bits<V>::Words);
    if constexpr (std::is_same_v<T, Eigen::half>) {
      return std::bit_cast<V>(Bits<V>::from_half(words));
    } else {
      return std::bit_cast<V>(Bits<V>::from_bfloat16(words));
    }
  }

  template <class V>
  EIGEN_ALWAYS_INLINE static void rounded(T* to, V value) {
#ifdef __F16C__
    if constexpr (std::is_same_v<T, Eigen::half> && sizeof(V) == 32) {
      const __m128i halves = _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
      return _mm_storeu_si128(reinterpret_cast<__m128i*>(to), halves);
    }
#endif
    const auto words = std::bit_cast<typename Bits<V>::Words>(value);
    const auto narrow = std::is_same_v<T, Eigen::half> ? Bits<V>::to_half(words) : Bits<V>::to_bfloat16(words);
    const auto halves = __builtin_convertvector(narrow, typename Bits<V>::Halves);
    std::memcpy(static_cast<void*>(to), &halves, sizeof halves);
  }
};

}  // namespace azula
