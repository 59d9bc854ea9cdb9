#pragma once
/// \file

#include <cmath>

#include "azula/random/one_lane.hpp"

namespace azula {

/// How the sums of an update are rounded, so that a GPU gives the same bits as a given CPU.
///
/// Both cost the same on a GPU, because both wait for memory.
enum class CudaSums {
  fused,    ///< a·b + c is rounded once, as on CPUs with FMA: aarch64, or x86-64 with -march=x86-64-v3 or newer
  separate  ///< a·b is rounded, then the sum, as on x86-64 without further flags
};

/// Computes a·b + c with the given rounding, whatever the flags of the compiler, on the GPU and on the CPU.
template <CudaSums Sums, class T>
constexpr T multiply_add(T a, T b, T c) {
  if constexpr (Sums == CudaSums::separate) {
    return OneLane::add(OneLane::multiply(a, b), c);
  } else {
#ifdef __CUDA_ARCH__
    if constexpr (sizeof(T) == 4) asm("fma.rn.f32 %0, %1, %2, %3;" : "=f"(a) : "f"(a), "f"(b), "f"(c));
    if constexpr (sizeof(T) == 8) asm("fma.rn.f64 %0, %1, %2, %3;" : "=d"(a) : "d"(a), "d"(b), "d"(c));
    return a;
#else
    return std::fma(a, b, c);
#endif
  }
}

}  // namespace azula
