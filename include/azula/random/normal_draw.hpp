#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "azula/random/draw.hpp"
#include "azula/random/noise_address.hpp"
#include "azula/random/normal_block.hpp"
#include "azula/random/sample_seeds.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// One draw of a NormalSource: the standard normal noise of a whole state, computed on demand.
///
/// Each value is a pure function of its address, see NoiseAddress. Any block of values may be requested, in any order,
/// by several threads at once.
class NormalDraw {
 public:
  /// \param number  number of the draw, below NoiseAddress::max_draws
  NormalDraw(SampleShape shape, SampleSeeds seeds, std::uint64_t number, NoiseKind kind = NoiseKind::draw)
      : shape_(shape),
        quarters_((shape.size + 3) / 4),
        seeds_(std::move(seeds)),
        number_(number),
        kind_(kind) {}

  /// Writes the values with flat indices offset, offset + 1, … of the draw.
  template <class Out>
  void fill(Out&& out, std::ptrdiff_t offset) const {
    static_assert(is_fillable<Out>,
                  "azula::NormalDraw: fill() takes a contiguous vector, such as Eigen::Map<Eigen::ArrayXf>");
    if (out.size() == 0) return;
    // Values of a block beyond the request are discarded, so a small request uses a small block.
    const bool few = out.size() <= 16 && offset % shape_.size + out.size() <= shape_.size;
    few ? run<8>(out.data(), offset, out.size()) : run<32>(out.data(), offset, out.size());
  }

  // The addresses, for code that computes the values elsewhere, such as a GPU kernel: sample i has the address
  // NoiseAddress{seeds()[i].number, number(), kind()} and the key seeds()[i].seed.
  const SampleShape& shape() const { return shape_; }
  const SampleSeeds& seeds() const { return seeds_; }
  std::uint64_t number() const { return number_; }
  NoiseKind kind() const { return kind_; }

 private:
  /// The position of a Philox counter: it covers four elements of a sample, fewer at the end of the sample.
  struct Counter {
    std::ptrdiff_t sample;
    std::ptrdiff_t quarter;
  };

  template <std::size_t Size, class T>
  void run(T* out, std::ptrdiff_t offset, std::ptrdiff_t count) const {
    NormalBlock<Size> block;
    std::ptrdiff_t placed = -1;  // the sample to which every counter of the block belongs
    for (Counter at{offset / shape_.size, offset % shape_.size / 4}; index(at) < offset + count;) {
      const Counter first = at;
      if (quarters_ - at.quarter >= static_cast<std::ptrdiff_t>(Size)) {
        if (placed != at.sample) place_alike(block, at);
        placed = at.sample;
        block.number(static_cast<std::uint64_t>(at.quarter));
        advance(at, Size);
      } else {
        placed = -1;
        for (std::size_t i = 0; i < Size; ++i, advance(at, 1)) place(block, i, at);
      }
      block.compute();
      copy(block, first, out, offset, count);
    }
  }

  /// Flat index of the first value of a counter.
  std::ptrdiff_t index(const Counter& at) const { return at.sample * shape_.size + 4 * at.quarter; }

  void advance(Counter& at, std::size_t n) const {
    at.quarter += static_cast<std::ptrdiff_t>(n);
    if (at.quarter < quarters_) return;
    at.quarter = 0;
    ++at.sample;
  }

  template <std::size_t Size>
  void place(NormalBlock<Size>& block, std::size_t i, const Counter& at) const {
    const auto [seed, sample] = seeds_[at.sample];
    block.place(i, seed, NoiseAddress{sample, number_, kind_}, static_cast<std::uint64_t>(at.quarter));
  }

  template <std::size_t Size>
  void place_alike(NormalBlock<Size>& block, const Counter& at) const {
    for (std::size_t i = 0; i < Size; ++i) place(block, i, at);
  }

  template <std::size_t Size, class T>
  void copy(const NormalBlock<Size>& block, Counter at, T* out, std::ptrdiff_t offset,
            std::ptrdiff_t count) const {
    constexpr std::ptrdiff_t size = Size;
    const std::ptrdiff_t to = index(at) - offset;
    const bool whole = to >= 0 && to + 4 * size <= count && 4 * (at.quarter + size) <= shape_.size;
    if (whole) return block.copy_to(out + to);
    // Counter by counter, each cut to its sample and to the request.
    for (std::size_t i = 0; i < Size; ++i, advance(at, 1)) {
      const std::ptrdiff_t start = index(at) - offset;
      const std::ptrdiff_t end = (std::min)({std::ptrdiff_t{4}, shape_.size - 4 * at.quarter, count - start});
      for (std::ptrdiff_t j = (std::max)(std::ptrdiff_t{0}, -start); j < end; ++j) {
        out[start + j] = static_cast<T>(block.value(i, static_cast<std::size_t>(j)));
      }
    }
  }

  SampleShape shape_;
  std::ptrdiff_t quarters_;  // counters per sample
  SampleSeeds seeds_;
  std::uint64_t number_;
  NoiseKind kind_;
};

}  // namespace azula
