#include "catch.hpp"
#include "random/digest.hpp"
#include "support/complaint.hpp"

#include "azula/concepts.hpp"
#include "azula/random/lanes.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/random/normal_transform.hpp"
#include "azula/random/philox.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <vector>

using azula::Draw;
using azula::NormalSource;
using azula::SampleShape;

static_assert(azula::AddressedSource<NormalSource, float> && azula::AddressedSource<NormalSource, double>);
static_assert(azula::WholeDrawSource<NormalSource, float> && azula::WholeDrawSource<NormalSource, double>);

namespace {

template <class T = double>
Eigen::ArrayX<T> next(NormalSource& source, SampleShape shape) {
  Eigen::ArrayX<T> values(shape.samples * shape.size);
  source.next({shape}).fill(Eigen::Map<Eigen::ArrayX<T>>(values.data(), values.size()), 0);
  return values;
}

/// Value e of sample i in draw k, by the page: Philox, then the transform, one at a time.
double defined(std::uint64_t seed, std::uint64_t i, std::uint64_t k, std::uint64_t e) {
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const azula::Philox::Counter words = azula::Philox::apply(
      {low(e / 4), low(i), low(k), low((i >> 32) + ((k >> 32) << 16))}, {low(seed), low(seed >> 32)});
  std::array<std::uint64_t, azula::Lanes::count> r, v;
  r.fill(words[e % 4 / 2 * 2]);
  v.fill(words[e % 4 / 2 * 2 + 1]);
  azula::Lanes::Double first, second;
  using Transform = azula::NormalTransform<azula::Lanes>;
  Transform::apply(Transform::radius(azula::Lanes::load(r.data())), azula::Lanes::load(v.data()), first, second);
  std::array<double, azula::Lanes::count> values;
  azula::Lanes::store(values.data(), e % 2 == 0 ? first : second);
  return values[0];
}

const std::vector<std::ptrdiff_t> sizes{1, 2, 3, 4, 5, 7, 31, 32, 33, 127, 128, 129, 160, 1000, 4099};

}  // namespace

TEST_CASE("the bits of noise are what they have always been", "[normal]") {
  // The same constants on every compiler, instruction set and set of flags: see portable_digest.cmake.
  CHECK(normal_digest<float>() == 0x63801C93689F44AF);
  CHECK(normal_digest<double>() == 0xBC8FB8B36AE2FD64);
}

TEST_CASE("noise is a function of seed, sample, draw and element", "[normal]") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    for (const std::int64_t first : {std::int64_t{0}, std::int64_t{0xFFFFFFFF}, (std::int64_t{1} << 48) - 4}) {
      NormalSource source(seed, first);
      source.skip(0x1FFFFFFFF);
      for (std::uint64_t k = 0; k < 3; ++k) {
        const Eigen::ArrayXd values = next(source, {3, 6});
        for (int i = 0; i < 18; ++i) {
          REQUIRE(values[i] == defined(seed, static_cast<std::uint64_t>(first + i / 6), 0x1FFFFFFFF + k,
                                       static_cast<std::uint64_t>(i % 6)));
        }
      }
    }
  }
}

TEST_CASE("elements keep their address beyond 2^32", "[normal]") {
  NormalSource source(42, 5);
  const std::ptrdiff_t size = std::ptrdiff_t{1} << 34;
  const auto draw = source.next({{2, size}});
  Eigen::ArrayXd values(20);
  for (const std::ptrdiff_t offset : {(std::ptrdiff_t{1} << 32) - 7, size - 9, size + (size >> 1)}) {
    draw.fill(values.head(20), offset);
    for (std::ptrdiff_t i = 0; i < 20; ++i) {
      REQUIRE(values[i] == defined(42, static_cast<std::uint64_t>(5 + (offset + i) / size), 0,
                                   static_cast<std::uint64_t>((offset + i) % size)));
    }
  }
}

TEST_CASE("a float is the rounded double", "[normal]") {
  NormalSource source(1), same(1);
  CHECK((next<float>(source, {3, 1001}) == next(same, {3, 1001}).cast<float>()).all());
}

TEST_CASE("blocks of any length and in any order give the same bits", "[normal]") {
  std::mt19937 engine(1);
  for (const std::ptrdiff_t size : sizes) {
    const SampleShape shape{5000 / size + 1, size};
    NormalSource source(3, 9), same(3, 9);
    const Eigen::ArrayXd whole = next(same, shape);
    const auto draw = source.next({shape});
    std::vector<std::ptrdiff_t> cuts{0, whole.size()};
    for (int i = 0; i < 40; ++i) cuts.push_back(static_cast<std::ptrdiff_t>(engine()) % whole.size());
    std::sort(cuts.begin(), cuts.end());
    Eigen::ArrayXd parts = Eigen::ArrayXd::Zero(whole.size());
    for (std::size_t i = cuts.size() - 1; i > 0; --i) {
      draw.fill(parts.segment(cuts[i - 1], cuts[i] - cuts[i - 1]), cuts[i - 1]);
    }
    INFO("samples of " << size << " values");
    CHECK((parts == whole).all());
  }
}

TEST_CASE("a block writes its own values and nothing beside them", "[normal]") {
  NormalSource source(3);
  const auto draw = source.next({{10, 50}});
  for (const std::ptrdiff_t count : {1, 3, 16, 17, 64, 200}) {
    Eigen::ArrayXf values = Eigen::ArrayXf::Constant(count + 2, 99.0F);
    draw.fill(values.segment(1, count), 37);
    CHECK(values[0] == 99.0F);
    CHECK(values[count + 1] == 99.0F);
    CHECK((values.segment(1, count) != 99.0F).all());
  }
}

TEST_CASE("a sample does not depend on its batch", "[normal]") {
  for (const std::ptrdiff_t size : sizes) {
    NormalSource batch(11, 4);
    const Eigen::ArrayXd all = next(batch, {6, size});
    for (std::int64_t i = 0; i < 6; ++i) {
      NormalSource alone(11, 4 + i);
      Eigen::ArrayXd one(size);
      alone.fill(one);
      CHECK((one == all.segment(i * size, size)).all());
    }
  }
}

TEST_CASE("with one seed per sample, a sample depends on its seed alone", "[normal]") {
  for (const std::ptrdiff_t size : sizes) {
    const std::vector<int> seeds{7, 9, 7, 1'000'000};
    NormalSource each(seeds);
    for (int draw = 0; draw < 2; ++draw) {
      const Eigen::ArrayXd all = next(each, {4, size});
      for (std::size_t i = 0; i < seeds.size(); ++i) {
        NormalSource alone(static_cast<std::uint64_t>(seeds[i]));
        alone.skip(static_cast<std::uint64_t>(draw));
        CHECK((next(alone, {1, size}) == all.segment(static_cast<std::ptrdiff_t>(i) * size, size)).all());
      }
    }
  }
}

TEST_CASE("skipping, rewinding and copying a source move among its draws", "[normal]") {
  NormalSource source(5);
  const SampleShape shape{2, 10};
  std::vector<Eigen::ArrayXd> draws;
  for (int i = 0; i < 4; ++i) draws.push_back(next(source, shape));
  CHECK((draws[0] != draws[1]).all());
  CHECK(source.draw() == 4);
  source.rewind();
  CHECK((next(source, shape) == draws[0]).all());
  NormalSource copy = source;
  source.skip(2);
  CHECK((next(source, shape) == draws[3]).all());
  CHECK((next(copy, shape) == draws[1]).all());
  source.rewind(2);
  CHECK((next(source, shape) == draws[2]).all());
}

TEST_CASE("a draw outlives its source and the seeds", "[normal]") {
  NormalSource same(std::vector{1, 2});
  const Eigen::ArrayXd expected = next(same, {2, 8});
  auto draw = NormalSource(std::vector{1, 2}).next({{2, 8}});
  Eigen::ArrayXd values(16);
  draw.fill(values, 0);
  CHECK((values == expected).all());
}

TEST_CASE("an empty state takes a draw like any other", "[normal]") {
  NormalSource source(5);
  CHECK(next(source, {0, 10}).size() == 0);
  CHECK(next(source, {10, 0}).size() == 0);
  CHECK(source.draw() == 2);
}

TEST_CASE("seeds, samples and draws out of range are errors that name the value", "[normal]") {
  const auto what = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  CHECK(what([] { NormalSource(42, -1); }) == "azula::NormalSource: the first sample must be at least 0, got -1");
  CHECK(what([] { NormalSource(42, std::int64_t{1} << 48); }) ==
        "azula::NormalSource: samples must be numbered below 2^48, got 2.814749767e+14");
  CHECK(what([] { NormalSource(42, (std::int64_t{1} << 48) - 2).next({{2, 1}}); }) ==
        "azula::NormalSource: samples must be numbered below 2^48, got 2.814749767e+14");
  CHECK(what([] { NormalSource(std::vector{1, 2, 3}).next({{4, 10}}); }) ==
        "azula::NormalSource: one seed per sample is needed, got 3 seeds for 4 samples");
  CHECK(what([] { NormalSource(std::vector{1, 2, 3}).fill(Eigen::ArrayXf(10).head(10)); }) ==
        "azula::NormalSource: one seed per sample is needed, got 3 seeds for 1 samples");
  CHECK(what([] { NormalSource(42).next({{1, (std::ptrdiff_t{1} << 34) + 1}}); }) ==
        "azula::NormalSource: a sample must have at most 2^34 values, got 1.717986918e+10");
  CHECK(what([] { NormalSource(42).rewind(std::uint64_t{1} << 46); }) ==
        "azula::NormalSource: draws must be numbered below 2^46, got 7.036874418e+13");
  CHECK(what([] {
          NormalSource source(42);
          source.skip(1);
          source.skip(~std::uint64_t{0});
        }) == "azula::NormalSource: draws must be numbered below 2^46, got 1.844674407e+19");
}
