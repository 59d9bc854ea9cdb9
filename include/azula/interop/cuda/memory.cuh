#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstddef>
#include <utility>

#include "azula/interop/cuda/check.cuh"

namespace azula {

/// An owning pointer to GPU memory for `size` values.
///
/// The memory is allocated on the device that is current at that time.
template <class T>
class CudaMemory {
 public:
  CudaMemory() = default;

  /// Allocates memory. \throws std::runtime_error if there is too little.
  explicit CudaMemory(std::size_t size) : size_(size) {
    if (size > 0) cuda_check(cudaMalloc(reinterpret_cast<void**>(&data_), size * sizeof(T)), "cudaMalloc");
  }
  CudaMemory(CudaMemory&& other) noexcept { swap(other); }
  CudaMemory& operator=(CudaMemory&& other) noexcept {
    CudaMemory(std::move(other)).swap(*this);
    return *this;
  }
  ~CudaMemory() { cudaFree(data_); }

  T* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  void swap(CudaMemory& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Copies n values to or from GPU memory, in a stream, without waiting for the copy.
/// \throws std::runtime_error if CUDA reports an error.
template <class T>
void cuda_copy(T* to, const T* from, std::size_t n, cudaStream_t stream) {
  if (n > 0) cuda_check(cudaMemcpyAsync(to, from, n * sizeof(T), cudaMemcpyDefault, stream), "cudaMemcpyAsync");
}

}  // namespace azula
