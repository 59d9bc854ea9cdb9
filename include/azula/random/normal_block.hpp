#pragma once
/// \file

#include <array>
#include <cstddef>
#include <cstdint>

#include "azula/random/lanes.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/random/normal_transform.hpp"
#include "azula/random/philox.hpp"

namespace azula {

/// Computes the normal values of a block of `Size` Philox counters at once.
///
/// Each counter gives four random words and four values: words 0 and 1 make the values 0 and 1, words 2 and 3 make the
/// values 2 and 3. The work is done in short loops over the whole block, so that the processor overlaps many
/// independent dependency chains.
template <std::size_t Size>
class NormalBlock {
  static_assert(Size % 8 == 0, "azula::NormalBlock: a whole number of lanes for every instruction set");

 public:
  /// Sets counter i; its word 0 is `quarter`, the index of the first element divided by 4.
  void place(std::size_t i, std::uint64_t seed, const NoiseAddress& address, std::uint64_t quarter) {
    const auto words = address.words();
    counter_[0][i] = quarter;
    for (std::size_t j = 0; j < 3; ++j) counter_[j + 1][i] = words[j];
    key_[0][i] = seed & 0xFFFFFFFFU;
    key_[1][i] = seed >> 32;
  }

  /// Sets word 0 of the counters to quarter, quarter + 1, …, and keeps their other words.
  void number(std::uint64_t quarter) {
    for (std::size_t i = 0; i < Size; ++i) counter_[0][i] = quarter + i;
  }

  /// Computes the values of all counters.
  void compute() {
    for (std::size_t i = 0; i < Size; i += Lanes::count) {
      Word x0 = Lanes::load(&counter_[0][i]), x1 = Lanes::load(&counter_[1][i]);
      Word x2 = Lanes::load(&counter_[2][i]), x3 = Lanes::load(&counter_[3][i]);
      Philox::apply<Lanes>(x0, x1, x2, x3, Lanes::load(&key_[0][i]), Lanes::load(&key_[1][i]));
      Lanes::store(&word_[0][i], x0);
      Lanes::store(&word_[1][i], x1);
      Lanes::store(&word_[2][i], x2);
      Lanes::store(&word_[3][i], x3);
    }
    transform(0);
    transform(2);
  }

  /// Value j of counter i.
  double value(std::size_t i, std::size_t j) const { return value_[j][i]; }

  /// Copies all values, in the order of the elements.
  template <class T>
  void copy_to(T* to) const {
    for (std::size_t i = 0; i < Size; ++i) {
      for (std::size_t j = 0; j < 4; ++j) to[4 * i + j] = static_cast<T>(value_[j][i]);
    }
  }

 private:
  using Word = Lanes::Word;
  using Double = Lanes::Double;
  using Transform = NormalTransform<Lanes>;

  void transform(std::size_t j) {
    for (std::size_t i = 0; i < Size; i += Lanes::count) {
      Lanes::store(&value_[j][i], Transform::radius(Lanes::load(&word_[j][i])));
    }
    for (std::size_t i = 0; i < Size; i += Lanes::count) {
      Double first = Lanes::load(&value_[j][i]), second;
      Transform::apply(first, Lanes::load(&word_[j + 1][i]), first, second);
      Lanes::store(&value_[j][i], first);
      Lanes::store(&value_[j + 1][i], second);
    }
  }

  template <class V>
  using Quads = std::array<std::array<V, Size>, 4>;

  alignas(64) Quads<std::uint64_t> counter_{};
  alignas(64) std::array<std::array<std::uint64_t, Size>, 2> key_{};
  alignas(64) Quads<std::uint64_t> word_;
  alignas(64) Quads<double> value_;
};

}  // namespace azula
