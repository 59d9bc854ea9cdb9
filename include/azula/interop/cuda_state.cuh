#pragma once
/// \file
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

/// A state that lives in the memory of a GPU, so that a run goes on there: `samples` times `size` values of float,
/// double, __half or __nv_bfloat16, and the stream in which everything is done with it. It owns its memory, which it
/// takes when it is made and keeps; a CudaView is the same over memory of yours.
///
///     azula::CudaState<float> x({.samples = 64, .size = 784}, stream), mean = x.alike();
///     azula::cuda_fill_noise(x.data(), x.shape(), random.next(x.shape()), stream);
///
/// A copy is another state of the same values, copied in the stream.
/// \throws std::runtime_error if CUDA refuses: too little memory, or no device.
template <class T>
class CudaState {
 public:
  using Scalar = T;  ///< of a value

  CudaState() = default;
  /// Memory for a state of this shape; its values are not set.
  explicit CudaState(const SampleShape& shape, cudaStream_t stream = nullptr)
      : memory_(static_cast<std::size_t>(shape.samples * shape.size)), shape_(shape), stream_(stream) {}
  /// A copy of values in memory of the device.
  explicit CudaState(const CudaView<T>& values) : CudaState(values.shape(), values.stream()) {
    view().read(values.data());
  }
  /// A copy, on the same stream.
  CudaState(const CudaState& other) : CudaState(other.view()) {}
  CudaState(CudaState&&) noexcept = default;  ///< the memory moves
  /// Takes the memory of the copy, or of what was moved in.
  CudaState& operator=(CudaState other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(shape_, other.shape_);
    std::swap(stream_, other.stream_);
    return *this;
  }
  ~CudaState() = default;

  /// Another one of this shape and stream, with values of no meaning.
  CudaState alike() const { return CudaState(shape_, stream_); }

  CudaView<T> view() const { return {data(), shape_, stream_}; }  ///< of all values
  T* data() const { return memory_.data(); }                      ///< in memory of the device
  const SampleShape& shape() const { return shape_; }             ///< samples and their size
  std::size_t size() const { return memory_.size(); }             ///< values in all
  cudaStream_t stream() const { return stream_; }                 ///< on which everything happens

 private:
  CudaMemory<T> memory_;
  SampleShape shape_{0, 0};
  cudaStream_t stream_ = nullptr;
};

}  // namespace azula
