#pragma once
/// \file
/// A digest of the bits of noise (FNV-1a over 64-bit words), and what is digested.

#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"

#include <Eigen/Core>

#include <bit>
#include <cstdint>
#include <type_traits>

template <class T>
std::uint64_t digest(const Eigen::ArrayX<T>& values) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const T value : values) hash = (hash ^ std::bit_cast<Bits>(value)) * 0x100000001B3U;
  return hash;
}

/// A million values: three draws with samples of several sizes, in uneven blocks.
template <class T>
std::uint64_t normal_digest() {
  azula::NormalSource source(0x123456789ABCDEFU, 77);
  Eigen::ArrayX<T> values(1'000'000);
  std::ptrdiff_t done = 0;
  for (const azula::SampleShape shape : {azula::SampleShape{100'000, 3}, {300, 1000}, {1, 400'000}}) {
    const auto draw = source.next({shape});
    const std::ptrdiff_t size = shape.samples * shape.size;
    std::ptrdiff_t block = 1;
    for (std::ptrdiff_t from = 0; from < size; from += block, block = block * 7 % 1021) {
      block = std::min(block, size - from);
      draw.fill(values.segment(done + from, block), from);
    }
    done += size;
  }
  return digest<T>(values);
}

/// Increments of a path over five steps. The clock is t itself: digests do not depend on a library's log.
inline std::uint64_t brownian_digest() {
  azula::BrownianSource source(42, azula::time_clock());
  Eigen::ArrayX<double> values(5 * 1000);
  const Eigen::ArrayXd times{{1.0, 0.7, 0.5, 0.3, 0.01, 0.0}};
  for (Eigen::Index i = 0; i < 5; ++i) {
    source.next({{10, 100}, times[i], times[i + 1]}).fill(values.segment(1000 * i, 1000), 0);
  }
  return digest<double>(values);
}
