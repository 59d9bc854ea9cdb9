#pragma once
/// \file

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "azula/interop/cuda/scalar.hpp"

namespace azula {

/// Values of __half are computed in float, eight at once.
template <>
struct CudaScalar<__half> {
  using Compute = float;
  static constexpr int width = 8;
  static __host__ __device__ float widen(__half value) { return __half2float(value); }
  static __host__ __device__ __half narrow(float value) { return __float2half_rn(value); }
};

/// Values of __nv_bfloat16 are computed in float, eight at once.
template <>
struct CudaScalar<__nv_bfloat16> {
  using Compute = float;
  static constexpr int width = 8;
  static __host__ __device__ float widen(__nv_bfloat16 value) { return __bfloat162float(value); }
  static __host__ __device__ __nv_bfloat16 narrow(float value) { return __float2bfloat16_rn(value); }
};

}  // namespace azula
