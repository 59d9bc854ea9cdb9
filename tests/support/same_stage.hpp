#pragma once
/// \file

#include <bit>
#include <cstddef>
#include <cstdint>

#include "azula/plan/stage.hpp"

/// Whether two stages are the same in every bit that counts: of `h` the first `older`.
inline bool same_stage(const azula::Stage& one, const azula::Stage& other) {
  const auto bits = [](double value) { return std::bit_cast<std::uint64_t>(value); };
  for (double azula::Stage::*number : {&azula::Stage::time, &azula::Stage::next, &azula::Stage::a, &azula::Stage::b,
                                       &azula::Stage::c, &azula::Stage::u, &azula::Stage::v}) {
    if (bits(one.*number) != bits(other.*number)) return false;
  }
  if (one.older != other.older || one.from.has_value() != other.from.has_value()) return false;
  for (std::size_t j = 0; j < static_cast<std::size_t>(one.older); ++j) {
    if (bits(one.h[j]) != bits(other.h[j])) return false;
  }
  if (one.from && bits(*one.from) != bits(*other.from)) return false;
  return one.step == other.step && one.drop == other.drop && one.evaluates == other.evaluates;
}
