#pragma once
/// \file

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "azula/random/one_lane.hpp"

namespace azula {

/// The random number generator Philox 4x32-10, which turns a counter and a key into four random words.
///
/// For each 64-bit key it is a bijection of 128-bit counters. Its values pass every test of TestU01's BigCrush. It has
/// no state: the words of one counter do not depend on any other counter, so they can be computed alone, in any order
/// and on any machine. Words are numbered from the least significant.
///
/// Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, 2011
/// (https://doi.org/10.1145/2063384.2063405).
class Philox {
 public:
  using Counter = std::array<std::uint32_t, 4>;
  using Key = std::array<std::uint32_t, 2>;

  /// The key of a seed.
  static constexpr Key key(std::uint64_t seed) { return {low(seed), low(seed >> 32)}; }

  /// Replaces the words of Lanes::count counters, side by side, by their random words. Each word is the low half of a
  /// 64-bit lane. The high half is ignored on input and has no meaning on output.
  ///
  /// \tparam Lanes  azula::Lanes or OneLane
  template <class Lanes>
  static constexpr void apply(typename Lanes::Word& x0, typename Lanes::Word& x1, typename Lanes::Word& x2,
                              typename Lanes::Word& x3, typename Lanes::Word key0, typename Lanes::Word key1) {
    for (int round = 0; round < 10; ++round) {
      const typename Lanes::Word p = Lanes::wide_product(x0, 0xD2511F53U);
      const typename Lanes::Word q = Lanes::wide_product(x2, 0xCD9E8D57U);
      x0 = (q >> 32) ^ x1 ^ key0;
      x1 = q;
      x2 = (p >> 32) ^ x3 ^ key1;
      x3 = p;
      key0 += std::uint64_t{0x9E3779B9U};
      key1 += std::uint64_t{0xBB67AE85U};
    }
  }

  /// Returns the four random words of one counter.
  static constexpr Counter apply(const Counter& counter, const Key& key) {
    std::uint64_t x0 = counter[0], x1 = counter[1], x2 = counter[2], x3 = counter[3];
    apply<OneLane>(x0, x1, x2, x3, key[0], key[1]);
    return {low(x0), low(x1), low(x2), low(x3)};
  }

 private:
  static constexpr std::uint32_t low(std::uint64_t word) { return static_cast<std::uint32_t>(word); }
};

}  // namespace azula
