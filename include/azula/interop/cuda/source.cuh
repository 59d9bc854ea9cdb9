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

/// The noise of NormalSource made by a GPU: the same seeds, samples and draws, and the same values to the bit.
///
///     CudaSource random(42);
///     CudaSource shard(42, 1000);
///     CudaSource each(std::vector{7, 9, 4});
///
/// It holds the number of the next draw. Seeds of its own for each sample are copied to the GPU once, here; copies of
/// the source share them.
class CudaSource {
 public:
  /// \throws std::invalid_argument if first is negative or at least 2^48.
  explicit CudaSource(std::uint64_t seed, std::int64_t first = 0)
      : seeds_("CudaSource", seed, first), noise_{.seed = seed, .first = static_cast<std::uint64_t>(first)} {}

  /// One seed per sample.
  template <SeedRange Seeds>
  explicit CudaSource(const Seeds& seeds) : seeds_("CudaSource", seeds) {
    std::vector<std::uint64_t> list;
    for (const auto seed : seeds) list.push_back(static_cast<std::uint64_t>(seed));
    list_ = std::make_shared<const CudaMemory<std::uint64_t>>(list.size());
    cuda_copy<std::uint64_t>(list_->data(), list.data(), list.size(), nullptr);
    cuda_check(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");
    noise_.seeds = list_->data();
  }

  /// The next draw, for kernels.
  /// \throws std::invalid_argument as NormalSource does.
  CudaNoise next(const SampleShape& shape) {
    seeds_.check(shape);
    const CudaNoise draw = noise_;
    skip(1);
    return draw;
  }

  std::uint64_t draw() const { return noise_.draw; }  ///< number of the next draw, from 0

  /// Makes `draw` the next one.
  void rewind(std::uint64_t draw = 0) {
    require(draw < NoiseAddress::max_draws, "CudaSource", "draws must be numbered below 2^46",
            static_cast<double>(draw));
    noise_.draw = draw;
  }

  /// Leaves out the next n draws.
  void skip(std::uint64_t n) { rewind(n < NoiseAddress::max_draws ? draw() + n : n); }

 private:
  SampleSeeds seeds_;
  std::shared_ptr<const CudaMemory<std::uint64_t>> list_;
  CudaNoise noise_;
};

}  // namespace azula
