#pragma once
/// \file

#include <array>
#include <cstdint>

#include "azula/random/noise_address.hpp"
#include "azula/random/normal_transform.hpp"
#include "azula/random/one_lane.hpp"
#include "azula/random/philox.hpp"

namespace azula {

/// One draw of a NormalSource, as a kernel makes it: the address of every value, and nothing in memory but the seeds,
/// where each sample has its own. Values are those of NormalDraw, to the bit.
struct CudaNoise {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;               ///< number of the first sample
  const std::uint64_t* seeds = nullptr;  ///< in the memory of the GPU, one per sample, in the place of the two
  std::uint64_t draw = 0;                ///< its number
  NoiseKind kind = NoiseKind::draw;

  /// Values 4 quarter, 4 quarter + 1, … of a sample of the batch.
  [[gnu::always_inline]] constexpr std::array<double, 4> four(std::uint64_t sample, std::uint64_t quarter) const {
    const std::uint64_t key = seeds ? seeds[sample] : seed;
    const auto words = NoiseAddress{.sample = seeds ? 0 : first + sample, .draw = draw, .kind = kind}.words();
    std::uint64_t x0 = quarter, x1 = words[0], x2 = words[1], x3 = words[2];
    Philox::apply<OneLane>(x0, x1, x2, x3, key & 0xFFFFFFFFU, key >> 32);
    using Transform = NormalTransform<OneLane>;
    std::array<double, 4> values{};
    Transform::apply(Transform::radius(x0), x1, values[0], values[1]);
    Transform::apply(Transform::radius(x2), x3, values[2], values[3]);
    return values;
  }
};

}  // namespace azula
