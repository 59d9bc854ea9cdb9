#include "catch.hpp"

#include "azula/random/lanes.hpp"
#include "azula/random/philox.hpp"

#if __has_include(<Random123/philox.h>)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#define AZULA_TEST_RANDOM123 1
#endif

#include <array>
#include <cstdint>
#include <random>

using azula::Lanes;
using azula::Philox;

namespace {

constexpr std::uint32_t ones = 0xFFFFFFFFU;

Philox::Counter random_counter(std::mt19937& engine) {
  Philox::Counter counter;
  for (auto& word : counter) word = static_cast<std::uint32_t>(engine());
  return counter;
}

}  // namespace

TEST_CASE("Philox gives the known answers of its authors", "[philox]") {
  // Lines "philox4x32 10" of kat_vectors, Random123 1.14.
  CHECK(Philox::apply({0, 0, 0, 0}, {0, 0}) == Philox::Counter{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8});
  CHECK(Philox::apply({ones, ones, ones, ones}, {ones, ones}) ==
        Philox::Counter{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD});
  CHECK(Philox::apply({0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, {0xA4093822, 0x299F31D0}) ==
        Philox::Counter{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1});
}

TEST_CASE("Philox works at compile time", "[philox]") {
  static_assert(Philox::apply({0, 0, 0, 0}, {0, 0})[0] == 0x6627E8D5);
  static_assert(Philox::key(0x299F31D0A4093822U) == Philox::Key{0xA4093822, 0x299F31D0});
  SUCCEED();
}

TEST_CASE("Philox gives in lanes what it gives alone, whatever is in the high halves", "[philox]") {
  std::mt19937 engine(1);
  std::array<std::array<std::uint64_t, Lanes::count>, 6> in{};  // four words and two keys
  for (auto& row : in) {
    for (auto& word : row) word = std::uint64_t{engine()} << 32 | engine();
  }
  std::array<Lanes::Word, 6> w;
  for (std::size_t i = 0; i < 6; ++i) w[i] = Lanes::load(in[i].data());
  Philox::apply<Lanes>(w[0], w[1], w[2], w[3], w[4], w[5]);
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  for (std::size_t word = 0; word < 4; ++word) {
    std::array<std::uint64_t, Lanes::count> out;
    Lanes::store(out.data(), w[word]);
    for (std::size_t lane = 0; lane < Lanes::count; ++lane) {
      const Philox::Counter counter{low(in[0][lane]), low(in[1][lane]), low(in[2][lane]), low(in[3][lane])};
      const Philox::Counter alone = Philox::apply(counter, {low(in[4][lane]), low(in[5][lane])});
      CHECK(low(out[lane]) == alone[word]);
    }
  }
}

#if AZULA_TEST_RANDOM123
TEST_CASE("Philox agrees with Random123 on random counters and keys", "[philox]") {
  std::mt19937 engine(2);
  for (int i = 0; i < 10'000; ++i) {
    const Philox::Counter counter = random_counter(engine);
    const Philox::Key key = Philox::key(std::uint64_t{engine()} << 32 | engine());
    const r123::Philox4x32::ctr_type theirs{{counter[0], counter[1], counter[2], counter[3]}};
    const auto expected = r123::Philox4x32_R<10>()(theirs, {{key[0], key[1]}});
    const Philox::Counter words = Philox::apply(counter, key);
    for (std::size_t j = 0; j < 4; ++j) REQUIRE(words[j] == expected[j]);
  }
}
#endif
