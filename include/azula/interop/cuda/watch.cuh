#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <optional>

#include "azula/interop/cuda/check.cuh"
#include "azula/interop/cuda/job.hpp"
#include "azula/interop/cuda/memory.cuh"

namespace azula {

/// Finds the first stage whose mean was not finite, without waiting for the GPU after each stage.
///
/// Kernels report such a mean in one word in GPU memory. The program reads it when it wants to, at the end of a run or
/// every few steps.
///
///     azula::CudaWatch watch(stream);
///     // for each stage k: cuda_update(…, stream, watch.mark(k));
///     if (const auto bad = watch.first_bad()) throw std::runtime_error("stage " + std::to_string(*bad));
class CudaWatch {
 public:
  explicit CudaWatch(cudaStream_t stream) : stream_(stream), flag_(1) { reset(); }

  /// Copies what has been reported so far. The two are independent after that.
  CudaWatch(const CudaWatch& other) : stream_(other.stream_), flag_(1) {
    cuda_copy<std::uint32_t>(flag_.data(), other.flag_.data(), 1, stream_);
  }
  CudaWatch(CudaWatch&&) noexcept = default;
  CudaWatch& operator=(CudaWatch&&) noexcept = default;
  CudaWatch& operator=(const CudaWatch& other) { return *this = CudaWatch(other); }
  ~CudaWatch() = default;

  /// The mark to pass to the kernel of a stage. Stages are numbered from 0.
  CudaMark mark(std::size_t stage) const { return {flag_.data(), static_cast<std::uint32_t>(stage) + 1}; }

  /// Forgets what has been reported.
  void reset() { cuda_check(cudaMemsetAsync(flag_.data(), 0, sizeof(std::uint32_t), stream_), "cudaMemsetAsync"); }

  /// The number of the first stage whose mean was not finite, if there is one. Waits for all work in the stream.
  /// \throws std::runtime_error if a kernel has failed.
  std::optional<std::size_t> first_bad() const {
    std::uint32_t value = 0;
    cuda_copy<std::uint32_t>(&value, flag_.data(), 1, stream_);
    cuda_check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize");
    if (value == 0) return std::nullopt;
    return value - 1;
  }

 private:
  cudaStream_t stream_;
  CudaMemory<std::uint32_t> flag_;
};

}  // namespace azula
