#pragma once
// The part of CUDA's header that interop/cuda uses: the upper half of a float and the two conversions.

#include <bit>

#include "cuda_runtime.h"

struct __nv_bfloat16 {
  std::uint16_t bits;
};
__host__ __device__ inline float __bfloat162float(__nv_bfloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}
/// To the nearest, ties to even; NaN stays one.
__host__ __device__ inline __nv_bfloat16 __float2bfloat16_rn(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFU) > 0x7F800000U) return {0x7FFF};
  return {static_cast<std::uint16_t>((bits + 0x7FFFU + (bits >> 16 & 1U)) >> 16)};
}
