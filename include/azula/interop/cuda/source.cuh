#pragma once
/// \file

#include <cuda_runtime.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "azula/error.hpp"
#include "azula/interop/cuda/memory.cuh"
#include "azula/interop/cuda/noise.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/random/sample_seeds.hpp"

namespace azula {

/// Standard normal noise that GPU kernels generate, with the same bits as NormalSource.
///
///     CudaSource random(42);                  // samples 0, 1, 2, … of seed 42
///     CudaSource shard(42, 1000);             // the same from sample 1000 on
///     CudaSource each(std::vector{7, 9, 4});  // one seed per sample
///
/// The only thing that changes is the number of the next draw. If each sample has its own seed, the constructor copies
/// the seeds to the GPU, and copies of the source share them.
class CudaSource {
 public:
  /// Uses one seed for all samples, which are numbered from `first` on.
  /// \throws std::invalid_argument if first is negative or at least 2^48.
  explicit CudaSource(std::uint64_t seed, std::int64_t first = 0)
      : seeds_("CudaSource", seed, first), noise_{.seed = seed, .first = static_cast<std::uint64_t>(first)} {}

  /// Uses one seed per sample, from any range of integers.
  /// \throws std::runtime_error if CUDA reports an error.
  template <SeedRange Seeds>
  explicit CudaSource(const Seeds& seeds) : seeds_("CudaSource", seeds) {
    std::vector<std::uint64_t> list;
    for (const auto seed : seeds) list.push_back(static_cast<std::uint64_t>(seed));
    list_ = std::make_shared<const CudaMemory<std::uint64_t>>(list.size());
    cuda_copy<std::uint64_t>(list_->data(), list.data(), list.size(), nullptr);
    cuda_check(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");
    noise_.seeds = list_->data();
  }

  /// Returns the next draw, for cuda_update(), cuda_add_noise() and cuda_fill_noise().
  /// \throws std::invalid_argument as NormalSource does.
  CudaNoise next(const SampleShape& shape) {
    seeds_.check(shape);
    const CudaNoise draw = noise_;
    skip(1);
    return draw;
  }

  std::uint64_t draw() const { return noise_.draw; }  ///< number of the next draw, from 0

  /// Makes `draw` the next one. \throws std::invalid_argument if it is not below 2^46.
  void rewind(std::uint64_t draw = 0) {
    require(draw < NoiseAddress::max_draws, "CudaSource", "draws must be numbered below 2^46",
            static_cast<double>(draw));
    noise_.draw = draw;
  }

  /// Skips the next n draws. \throws std::invalid_argument as rewind() does.
  void skip(std::uint64_t n) { rewind(n < NoiseAddress::max_draws ? draw() + n : n); }

 private:
  SampleSeeds seeds_;
  std::shared_ptr<const CudaMemory<std::uint64_t>> list_;
  CudaNoise noise_;
};

}  // namespace azula
