#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstddef>

#include "azula/interop/cuda/memory.cuh"
#include "azula/sample_shape.hpp"

namespace azula {

/// A state in GPU memory that your program or another library owns.
///
///     azula::CudaView<float> view(pointer, {.samples = 64, .size = 784}, stream);
///
/// It consists of a pointer to contiguous values, the number of samples and of values per sample, and the stream in
/// which all work on it happens. Copies refer to the same memory. A CudaState owns its memory instead.
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

  /// Copies all values from host or GPU memory. It does not wait: `from` must stay valid until the copy is done.
  void read(const T* from) const { cuda_copy<T>(data_, from, size(), stream_); }

  /// Copies all values to host or GPU memory. It does not wait: `to` must stay valid until the copy is done.
  void write(T* to) const { cuda_copy<T>(to, data_, size(), stream_); }

 private:
  T* data_;
  SampleShape shape_;
  cudaStream_t stream_;
};

}  // namespace azula
