#pragma once
/// \file

#include <array>
#include <cstdint>

#include "azula/random/noise_address.hpp"
#include "azula/random/normal_transform.hpp"
#include "azula/random/one_lane.hpp"
#include "azula/random/philox.hpp"

namespace azula {

/// One draw of a NormalSource for GPU kernels, which compute its values on the fly with the bits of NormalDraw.
///
/// It holds what the addresses of the values need. Only the seeds are in GPU memory, and only if each sample has its
/// own.
struct CudaNoise {
  std::uint64_t seed = 0;                ///< the seed of all samples
  std::uint64_t first = 0;               ///< number of the first sample
  const std::uint64_t* seeds = nullptr;  ///< in GPU memory: one seed per sample, instead of `seed` and `first`; or null
  std::uint64_t draw = 0;                ///< number of the draw
  NoiseKind kind = NoiseKind::draw;      ///< what the noise is for

  /// The values 4 quarter … 4 quarter + 3 of a sample of the batch.
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
