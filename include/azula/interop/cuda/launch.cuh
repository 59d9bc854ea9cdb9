#pragma once
/// \file

#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>

#include "azula/interop/cuda/check.cuh"

namespace azula {

inline constexpr unsigned cuda_threads = 256;          ///< threads per block
inline constexpr std::uint64_t cuda_blocks = 1 << 16;  ///< most blocks of a grid; beyond, threads take several groups

/// The kernel of a stage: each thread processes its part of a job.
/// \tparam Body  a CudaUpdate or a CudaFill
template <class Body>
__global__ void __launch_bounds__(cuda_threads) cuda_kernel(const typename Body::Job job) {
  const std::uint64_t thread = std::uint64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const bool finite = Body::run(job, thread, std::uint64_t{gridDim.x} * blockDim.x);
  if (!finite && job.mark.flag) atomicCAS(job.mark.flag, 0U, job.mark.value);
}

/// Starts the kernel of a job in a stream, without waiting for it.
/// \throws std::runtime_error if CUDA cannot start it.
template <class Body>
void cuda_launch(const typename Body::Job& job, cudaStream_t stream) {
  const std::uint64_t groups = job.groups.count();
  if (groups == 0) return;
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(static_cast<unsigned>((std::min)((groups + cuda_threads - 1) / cuda_threads, cuda_blocks)));
  config.blockDim = dim3(cuda_threads);
  config.stream = stream;
  cuda_check(cudaLaunchKernelEx(&config, cuda_kernel<Body>, job), "cudaLaunchKernelEx");
}

}  // namespace azula
