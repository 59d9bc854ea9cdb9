#pragma once
/// \file
/// States in GPU memory, with the kernels for a loop of your own.
///
/// Needs CUDA, and nvcc with --expt-relaxed-constexpr or clang; not part of azula.hpp. Includes all of interop/cuda.

#include <cuda_runtime.h>

#include <cstddef>
#include <utility>

#include "azula/interop/cuda/check.cuh"
#include "azula/interop/cuda/memory.cuh"
#include "azula/interop/cuda/source.cuh"
#include "azula/interop/cuda/update.cuh"
#include "azula/interop/cuda/view.cuh"
#include "azula/interop/cuda/watch.cuh"
#include "azula/sample_shape.hpp"

namespace azula {

/// A state in the memory of a GPU, for runs that stay there.
///
/// It holds `samples` times `size` values of T (float, double, __half or __nv_bfloat16), and the stream in which all
/// work on it happens.
///
///     azula::CudaState<float> x({.samples = 64, .size = 784}, stream), mean = x.alike();
///     azula::CudaSource random(42);
///     azula::cuda_fill_noise(x.data(), x.shape(), random.next(x.shape()), stream);
///
/// It owns its memory, which is allocated once, by the constructor. For memory that you own, use a CudaView. A copy has
/// memory of its own with the same values, copied in the stream.
/// \throws std::runtime_error if CUDA reports an error, such as too little memory or no device.
template <class T>
class CudaState {
 public:
  using Scalar = T;  ///< type of a value

  CudaState() = default;
  /// Memory for a state of this shape; its values are not set.
  explicit CudaState(const SampleShape& shape, cudaStream_t stream = nullptr)
      : memory_(static_cast<std::size_t>(shape.samples * shape.size)), shape_(shape), stream_(stream) {}
  /// Copies the values of a view.
  explicit CudaState(const CudaView<T>& values) : CudaState(values.shape(), values.stream()) {
    view().read(values.data());
  }
  /// Copies another state, in its stream.
  CudaState(const CudaState& other) : CudaState(other.view()) {}
  CudaState(CudaState&&) noexcept = default;  ///< takes over the memory
  /// Takes over the memory of `other`, which is a copy unless it was moved in.
  CudaState& operator=(CudaState other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(shape_, other.shape_);
    std::swap(stream_, other.stream_);
    return *this;
  }
  ~CudaState() = default;

  /// Another state of the same shape and stream, with undefined values.
  CudaState alike() const { return CudaState(shape_, stream_); }

  CudaView<T> view() const { return {data(), shape_, stream_}; }  ///< a view of all values
  T* data() const { return memory_.data(); }                      ///< pointer to the values, in memory of the device
  const SampleShape& shape() const { return shape_; }             ///< number of samples, and values per sample
  std::size_t size() const { return memory_.size(); }             ///< number of values in all
  cudaStream_t stream() const { return stream_; }                 ///< stream in which all work on the state happens

 private:
  CudaMemory<T> memory_;
  SampleShape shape_{0, 0};
  cudaStream_t stream_ = nullptr;
};

}  // namespace azula
