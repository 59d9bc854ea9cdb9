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

/// Remembers the first stage with a mean that was not finite, in one word in the memory of the GPU: nobody waits for
/// it until it is asked for, at the end of a run or every so many steps.
class CudaWatch {
 public:
  explicit CudaWatch(cudaStream_t stream) : stream_(stream), flag_(1) { reset(); }

  /// A copy has seen the same and goes on alone.
  CudaWatch(const CudaWatch& other) : stream_(other.stream_), flag_(1) {
    cuda_copy<std::uint32_t>(flag_.data(), other.flag_.data(), 1, stream_);
  }
  CudaWatch(CudaWatch&&) noexcept = default;
  CudaWatch& operator=(CudaWatch&&) noexcept = default;
  CudaWatch& operator=(const CudaWatch& other) { return *this = CudaWatch(other); }
  ~CudaWatch() = default;

  /// What a kernel is to be told of a stage, by its number from 0.
  CudaMark mark(std::size_t stage) const { return {flag_.data(), static_cast<std::uint32_t>(stage) + 1}; }

  /// Forgets what it has seen.
  void reset() { cuda_check(cudaMemsetAsync(flag_.data(), 0, sizeof(std::uint32_t), stream_), "cudaMemsetAsync"); }

  /// The number of the first stage with a bad mean, if there was one. Waits for all that is in the stream.
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
