#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "azula/interop/cuda/job.hpp"
#include "azula/interop/cuda/memory.cuh"
#include "azula/interop/cuda/noise.hpp"
#include "azula/interop/cuda/watch.cuh"
#include "azula/random/normal_draw.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// The working memory of a run on the GPU: a check that all means are finite, and the seeds of the samples.
///
/// The seeds are copied to the GPU only if each sample has its own.
class CudaRunMemory {
 public:
  template <class X>
  explicit CudaRunMemory(const X& like)
      : watch_(like.stream()),
        stream_(like.stream()),
        shape_(like.shape()),
        seeds_(static_cast<std::size_t>(shape_.samples)) {}
  CudaRunMemory(const CudaRunMemory& other)
      : watch_(other.watch_),
        stream_(other.stream_),
        shape_(other.shape_),
        seeds_(other.seeds_.size()),
        stages_(other.stages_) {}
  CudaRunMemory(CudaRunMemory&&) noexcept = default;
  CudaRunMemory& operator=(CudaRunMemory&&) noexcept = default;
  CudaRunMemory& operator=(const CudaRunMemory& other) { return *this = CudaRunMemory(other); }
  ~CudaRunMemory() = default;

  const CudaWatch& watch() const { return watch_; }
  CudaMark mark() { return watch_.mark(stages_++); }

  /// The noise of a draw, for kernels.
  CudaNoise noise(const NormalDraw& draw) { return noise(draw, 0); }

  /// The noise of a part of a draw, see ShardSource.
  template <class Part>
  requires requires(const Part& part, const NormalDraw& whole) { part.start(), &part.whole() == &whole; }
  CudaNoise noise(const Part& part) { return noise(part.whole(), shape_.size == 0 ? 0 : part.start() / shape_.size); }

 private:
  CudaNoise noise(const NormalDraw& draw, std::ptrdiff_t first) {
    const auto one = draw.seeds()[first], last = draw.seeds()[first + shape_.samples - 1];
    CudaNoise noise{.seed = one.seed, .first = one.number, .draw = draw.number(), .kind = draw.kind()};
    // Under one seed, the samples have consecutive numbers. Samples with seeds of their own all have the number 0.
    if (last.number == one.number + static_cast<std::uint64_t>(shape_.samples) - 1) return noise;
    std::vector<std::uint64_t> seeds;
    for (std::ptrdiff_t i = 0; i < shape_.samples; ++i) seeds.push_back(draw.seeds()[first + i].seed);
    if (seeds != known_) {
      known_ = seeds;
      cuda_copy<std::uint64_t>(seeds_.data(), known_.data(), known_.size(), stream_);
    }
    noise.seeds = seeds_.data();
    return noise;
  }

  CudaWatch watch_;
  cudaStream_t stream_;
  SampleShape shape_;
  CudaMemory<std::uint64_t> seeds_;
  std::vector<std::uint64_t> known_;  // the content of seeds_
  std::size_t stages_ = 0;
};

}  // namespace azula
