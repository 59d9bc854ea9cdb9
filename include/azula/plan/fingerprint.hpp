#pragma once
/// \file

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "azula/plan/stage.hpp"

namespace azula {

/// Computes a number of 64 bits that identifies a sequence of bytes (FNV-1a).
///
///     const std::uint64_t id = azula::Fingerprint().add("zAB<3>").add(0.5).value();
///
/// Two different sequences have the same fingerprint with a chance of one in 2^64. Sequences that differ in a single
/// byte never do, because each step of the computation is a permutation of the 64-bit numbers. Numbers are added as
/// eight bytes, least significant first, so the result is the same on every machine.
class Fingerprint {
 public:
  Fingerprint& add(std::string_view bytes) {
    for (const char byte : bytes) take(static_cast<unsigned char>(byte));
    return *this;
  }

  Fingerprint& add(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8) take(static_cast<unsigned char>(number >> shift & 0xff));
    return *this;
  }

  Fingerprint& add(double number) { return add(std::bit_cast<std::uint64_t>(number)); }

  /// Adds every bit of a stage that has an effect on a run.
  Fingerprint& add(const Stage& stage) {
    add(static_cast<std::uint64_t>(stage.step));
    for (const double number : {stage.time, stage.next, stage.a, stage.b, stage.c, stage.u, stage.v}) add(number);
    add(std::uint64_t{stage.from.has_value()});
    if (stage.from) add(*stage.from);
    add(static_cast<std::uint64_t>(stage.older));
    for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) add(stage.h[j]);
    add(static_cast<std::uint64_t>(stage.drop));
    return add(std::uint64_t{stage.evaluates});
  }

  std::uint64_t value() const { return value_; }

 private:
  void take(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }

  std::uint64_t value_ = 0xcbf29ce484222325;
};

/// The fingerprint of a sampler's stages.
inline std::uint64_t fingerprint(const std::vector<Stage>& stages) {
  Fingerprint all;
  for (const Stage& stage : stages) all.add(stage);
  return all.value();
}

}  // namespace azula
