#pragma once
/// \file

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "azula/plan/stage.hpp"

namespace azula {

/// A number of 64 bits that stands for a sequence of bytes: others have another one, but for one chance in 2^64.
/// Sequences that differ in a single byte never share it, as every step is a permutation of its values.
///
/// FNV-1a, of numbers as eight bytes, least significant first: the same on every machine.
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

  /// All that a run makes of a stage, bit for bit.
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

/// That of a sampler's stages.
inline std::uint64_t fingerprint(const std::vector<Stage>& stages) {
  Fingerprint all;
  for (const Stage& stage : stages) all.add(stage);
  return all.value();
}

}  // namespace azula
