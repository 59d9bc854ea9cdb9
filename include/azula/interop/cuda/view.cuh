#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstddef>

#include "azula/interop/cuda/memory.cuh"
#include "azula/sample_shape.hpp"

namespace azula {

/// A state in the memory of a GPU that belongs to somebody else: a pointer, how many samples there are of how many
/// values, one after another, and the stream in which everything is done with it. Copies show the same memory.
template <class T>
class CudaView {
 public:
  using Scalar = T;

  CudaView(T* data, const SampleShape& shape, cudaStream_t stream = nullptr)
      : data_(data), shape_(shape), stream_(stream) {}

  T* data() const { return data_; }
  const SampleShape& shape() const { return shape_; }
  std::size_t size() const { return static_cast<std::size_t>(shape_.samples * shape_.size); }
  cudaStream_t stream() const { return stream_; }

  /// Copies all values from memory of either kind. Waits for nothing: the memory must live until it is done.
  void read(const T* from) const { cuda_copy<T>(data_, from, size(), stream_); }

  /// Copies all values to memory of either kind, likewise.
  void write(T* to) const { cuda_copy<T>(to, data_, size(), stream_); }

 private:
  T* data_;
  SampleShape shape_;
  cudaStream_t stream_;
};

}  // namespace azula
