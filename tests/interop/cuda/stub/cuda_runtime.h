#pragma once
// What interop/cuda takes from CUDA's runtime, on the CPU: memory is the host's, and a kernel runs at once, one thread
// after another. So that its tests need neither a GPU nor CUDA. With clang -x cuda it is only what the device code
// needs to compile.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#ifdef __CUDA__
#define __host__ __attribute__((host))
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __launch_bounds__(threads) __attribute__((launch_bounds(threads)))
#else
#define __host__
#define __device__
#define __global__
#define __launch_bounds__(threads)
#endif

struct dim3 {
  constexpr dim3(unsigned x_ = 1) : x(x_) {}
  unsigned x;
};

#ifdef __CUDA__
#include <__clang_cuda_builtin_vars.h>
__device__ inline unsigned atomicCAS(unsigned* at, unsigned expected, unsigned desired) {
  const int old =
      __nvvm_atom_cas_gen_i(reinterpret_cast<int*>(at), static_cast<int>(expected), static_cast<int>(desired));
  return static_cast<unsigned>(old);
}
#else
inline dim3 gridDim, blockDim, blockIdx, threadIdx;
inline unsigned atomicCAS(unsigned* at, unsigned expected, unsigned desired) {
  const unsigned old = *at;
  if (old == expected) *at = desired;
  return old;
}
#endif

enum cudaError_t { cudaSuccess, cudaErrorMemoryAllocation };
enum cudaMemcpyKind { cudaMemcpyDefault };
using cudaStream_t = struct CUstream_st*;
struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  std::size_t dynamicSmemBytes;
  cudaStream_t stream;
};

inline int stub_allocations = 0, stub_launches = 0, stub_waits = 0;
inline unsigned stub_blocks = 0;                   ///< of a grid, at most; 0: as many as are asked for
inline std::size_t stub_memory = ~std::size_t{0};  ///< the most bytes that there are of one piece

inline const char* cudaGetErrorString(cudaError_t code) {
  return code == cudaSuccess ? "no error" : "out of memory";
}
inline cudaError_t cudaMalloc(void** to, std::size_t bytes) {
  ++stub_allocations;
  *to = bytes <= stub_memory ? std::aligned_alloc(256, (bytes + 255) / 256 * 256) : nullptr;
  return *to ? cudaSuccess : cudaErrorMemoryAllocation;
}
inline cudaError_t cudaFree(void* memory) {
  std::free(memory);
  return cudaSuccess;
}
inline cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind, cudaStream_t) {
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t) {
  std::memset(to, value, bytes);
  return cudaSuccess;
}
inline cudaError_t cudaStreamSynchronize(cudaStream_t) {
  ++stub_waits;
  return cudaSuccess;
}

template <class Job>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Job), Job job) {
  ++stub_launches;
#ifndef __CUDA__
  gridDim = config->gridDim;
  if (stub_blocks != 0 && gridDim.x > stub_blocks) gridDim.x = stub_blocks;
  blockDim = config->blockDim;
  for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x) {
    for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x) kernel(job);
  }
#else
  static_cast<void>(config), static_cast<void>(kernel), static_cast<void>(job);
#endif
  return cudaSuccess;
}
