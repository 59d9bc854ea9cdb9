#pragma once
// The part of CUDA's header that interop/cuda uses: 16 bits and the two conversions.

#include "cuda_runtime.h"

struct __half {
  std::uint16_t bits;
};
#ifdef __CUDA__
__device__ inline float __half2float(__half value) {
  return static_cast<float>(__builtin_bit_cast(__fp16, value.bits));
}
__device__ inline __half __float2half_rn(float value) {
  return {__builtin_bit_cast(std::uint16_t, static_cast<__fp16>(value))};
}
#else
#include <Eigen/Core>
inline float __half2float(__half value) {
  return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(value.bits));
}
inline __half __float2half_rn(float value) {
  return {Eigen::numext::bit_cast<std::uint16_t>(Eigen::half(value))};
}
#endif
