#include "catch.hpp"

#include "azula/random/lanes.hpp"
#include "azula/random/normal_transform.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

using azula::Lanes;
using NormalTransform = azula::NormalTransform<Lanes>;

namespace {

/// The pair of two words, from the first lane.
std::pair<double, double> transformed(std::uint32_t r, std::uint32_t v) {
  std::array<std::uint64_t, Lanes::count> radius, angle;
  radius.fill(r);
  angle.fill(v);
  Lanes::Double first, second;
  const Lanes::Double rho = NormalTransform::radius(Lanes::load(radius.data()));
  NormalTransform::apply(rho, Lanes::load(angle.data()), first, second);
  std::array<double, Lanes::count> a, b;
  Lanes::store(a.data(), first);
  Lanes::store(b.data(), second);
  return {a[0], b[0]};
}

/// The definition, with 64 bits of mantissa and the angle brought near 0 before its sine is taken.
std::pair<long double, long double> defined(std::uint32_t r, std::uint32_t v) {
  const long double pi = std::acos(-1.0L);
  const long double below_one = 1 - (r + 0.5L) / 0x1p32L;
  const long double log_u = below_one < 0.5L ? std::log1p(-below_one) : std::log((r + 0.5L) / 0x1p32L);
  const long double radius = std::sqrt(-2 * log_u);
  const long double turns = (v + 0.5L) / 0x1p31L - 1;  // φ/π
  const long double from_top = 0.5L - std::fabs(turns);
  const long double from_side = 0.5L - std::fabs(from_top);
  return {radius * std::sin(pi * from_top), std::copysign(radius * std::sin(pi * from_side), turns)};
}

std::vector<std::uint32_t> words() {
  std::vector<std::uint32_t> words;
  for (std::uint32_t edge = 0; edge < 8; ++edge) {  // around every fold, and the ends
    for (std::uint32_t i = 0; i < 20; ++i) words.push_back((edge << 29) + i - 10);
  }
  std::mt19937 engine(3);
  for (int i = 0; i < 500; ++i) words.push_back(static_cast<std::uint32_t>(engine()));
  for (int i = 0; i < 32; ++i) words.push_back((1U << i) + 3);
  return words;
}

}  // namespace

TEST_CASE("normal values are those of Box and Muller to four units in the last place", "[normal]") {
  const double four_units = 4 * 0x1p-52;
  for (const std::uint32_t r : words()) {
    for (const std::uint32_t v : words()) {
      const auto [first, second] = transformed(r, v);
      const auto [cosine, sine] = defined(r, v);
      if (std::fabs(first / cosine - 1) < four_units && std::fabs(second / sine - 1) < four_units) continue;
      FAIL("words " << r << " and " << v << " give " << first << " and " << second);
    }
  }
  SUCCEED();
}

TEST_CASE("normal values reach 6.76 standard deviations on both sides and are never 0", "[normal]") {
  const double largest = std::sqrt(2 * 33 * std::log(2.0));
  CHECK(transformed(0, 0x80000000).first == Catch::Approx(largest).epsilon(1e-15));
  CHECK(transformed(0, 0).first == Catch::Approx(-largest).epsilon(1e-15));
  CHECK(transformed(0, 0xC0000000).second == Catch::Approx(largest).epsilon(1e-15));
  CHECK(transformed(0, 0x40000000).second == Catch::Approx(-largest).epsilon(1e-15));
  CHECK(transformed(0xFFFFFFFF, 0x3FFFFFFF).first != 0);
  CHECK(transformed(0xFFFFFFFF, 0x7FFFFFFF).second != 0);
}

TEST_CASE("opposite angles give opposite values, to the last bit", "[normal]") {
  for (const std::uint32_t v : words()) {
    const auto [a, b] = transformed(12345, v);
    const auto [c, d] = transformed(12345, ~v);  // the angle's negative
    CHECK(a == c);
    CHECK(b == -d);
  }
}

TEST_CASE("tails beyond five standard deviations have the right weight", "[normal][long]") {
  // All of the 2^16 smallest radius words: whatever is beyond 4.71, as often as in 2^16 times as many values.
  std::mt19937 engine(4);
  const int turns = 32;
  const std::array<double, 4> bounds{5.0, 5.5, 6.0, 6.5};
  std::array<double, 4> beyond{};
  for (std::uint32_t r = 0; r < 0x10000; ++r) {
    for (int i = 0; i < turns; ++i) {
      const auto [a, b] = transformed(r, static_cast<std::uint32_t>(engine()));
      for (std::size_t j = 0; j < bounds.size(); ++j) {
        beyond[j] += (std::fabs(a) > bounds[j]) + (std::fabs(b) > bounds[j]);
      }
    }
  }
  for (std::size_t j = 0; j < bounds.size(); ++j) {
    const double expected = 2.0 * turns * 0x1p32 * std::erfc(bounds[j] / std::sqrt(2.0));
    INFO("beyond " << bounds[j] << ": " << beyond[j] << " of " << expected);
    CHECK(std::fabs(beyond[j] - expected) < 4 * std::sqrt(expected));
  }
}
