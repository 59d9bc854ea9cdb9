#pragma once
/// \file

#include <array>
#include <cstdint>

namespace azula {

/// The purpose of a noise value. Values of different kinds have different addresses, so no value is ever used twice.
enum class NoiseKind : std::uint32_t {
  draw = 0,    ///< a draw of a NormalSource
  path = 1,    ///< a node of a Brownian path
  aside = 2    ///< a draw of a BrownianSource that belongs to no step
};

/// The address of noise values under a seed: which sample, which draw, and for what purpose.
///
/// It makes up the last three words of a Philox counter; the first word counts the elements of the sample:
///
///     word 0    element / 4, so up to 2^34 elements of a sample
///     word 1    sample, bits 0 to 31
///     word 2    draw, bits 0 to 31
///     word 3    bits 0 to 15: sample, bits 32 to 47;  16 to 29: draw, bits 32 to 45;  30 and 31: kind
///
/// The Philox key is the seed. Each counter gives four values: element e is value e % 4 of the counter whose word 0 is
/// e / 4.
struct NoiseAddress {
  std::uint64_t sample = 0;  ///< below 2^48
  std::uint64_t draw = 0;    ///< below 2^46
  NoiseKind kind = NoiseKind::draw;  ///< what the noise is for

  static constexpr std::int64_t max_elements = std::int64_t{1} << 34;  ///< elements per sample
  static constexpr std::int64_t max_samples = std::int64_t{1} << 48;   ///< samples per seed
  static constexpr std::uint64_t max_draws = std::uint64_t{1} << 46;   ///< draws per source

  /// The last three words of the counter.
  constexpr std::array<std::uint64_t, 3> words() const {
    return {sample & 0xFFFFFFFFU, draw & 0xFFFFFFFFU,
            sample >> 32 | (draw >> 32) << 16 | std::uint64_t{static_cast<std::uint32_t>(kind)} << 30};
  }
};

}  // namespace azula
