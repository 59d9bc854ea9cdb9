#pragma once
/// \file

#include <cuda_runtime.h>

#include <span>

#include "azula/error.hpp"
#include "azula/interop/cuda/half.cuh"
#include "azula/interop/cuda/job.hpp"
#include "azula/interop/cuda/launch.cuh"
#include "azula/interop/cuda/normals.hpp"
#include "azula/interop/cuda/update.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// Starts the kernel that fits a stage.
template <class T, CudaSums Sums, int Older = max_older>
void cuda_dispatch(const CudaJob<T>& job, int older, bool remember, bool noisy, cudaStream_t stream) {
  if constexpr (Older > 0) {
    if (older < Older) return cuda_dispatch<T, Sums, Older - 1>(job, older, remember, noisy, stream);
  }
  if (remember) {
    noisy ? cuda_launch<CudaUpdate<T, Older, true, true, Sums>>(job, stream)
          : cuda_launch<CudaUpdate<T, Older, true, false, Sums>>(job, stream);
  } else {
    noisy ? cuda_launch<CudaUpdate<T, Older, false, true, Sums>>(job, stream)
          : cuda_launch<CudaUpdate<T, Older, false, false, Sums>>(job, stream);
  }
}

/// Carries out one stage on a state in GPU memory, in one pass.
///
/// It starts a kernel in the stream and does not wait. See CudaUpdate for the formula. All pointers are to GPU memory.
/// It is fastest if they are multiples of 16 bytes, as pointers of cudaMalloc() are.
///
///     cuda_update(stage, x, mean, older, {.samples = 64, .size = 784}, source.next(shape), stream, watch.mark(k));
///
/// \tparam Sums  how sums are rounded
/// \param x      the state, which is updated
/// \param mean   E[X | x_t]; replaced by the prediction that is remembered
/// \param older  predictions remembered before, newest first; at least stage.older of them
/// \param noise  the draw, which is used if stage.c is not 0
/// \param mark   where to report that the mean is not finite
/// \throws std::invalid_argument if there are fewer predictions; std::runtime_error if CUDA cannot start the kernel.
template <CudaSums Sums = CudaSums::fused, class T>
void cuda_update(const Stage& stage, T* x, T* mean, std::span<const T* const> older, const SampleShape& shape,
                 const CudaNoise& noise, cudaStream_t stream, const CudaMark& mark = {}) {
  const bool remember = stage.evaluates && (stage.u != 0 || stage.v != 1);
  cuda_dispatch<T, Sums>(CudaJob<T>(stage, x, mean, older, shape, noise, mark), stage.older, remember, stage.c != 0,
                         stream);
}

/// Adds noise to a state in GPU memory: x <- x + c ε. It starts a kernel in the stream and does not wait.
template <CudaSums Sums = CudaSums::fused, class T>
void cuda_add_noise(T* x, double c, const SampleShape& shape, const CudaNoise& noise, cudaStream_t stream) {
  const Stage stage{.a = 1, .c = c, .evaluates = false};
  cuda_update<Sums, T>(stage, x, nullptr, {}, shape, noise, stream);
}

/// Fills a state in GPU memory with noise: x <- ε. It starts a kernel in the stream and does not wait.
template <class T>
void cuda_fill_noise(T* x, const SampleShape& shape, const CudaNoise& noise, cudaStream_t stream) {
  cuda_launch<CudaFill<T>>(CudaJob<T>(Stage{.c = 1, .evaluates = false}, x, nullptr, {}, shape, noise), stream);
}

}  // namespace azula
