// Measures standard normal floats per second on one core, for this library and for other generators of C++.
//
// Each iteration fills 2^20 values. Build it with -O2 and with -O2 -march=x86-64-v3 to compare the two.

#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"

#include <Eigen/Core>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <random>

#if __has_include(<boost/random/normal_distribution.hpp>)
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#define AZULA_BENCH_BOOST 1
#endif
#if __has_include(<EigenRand/EigenRand>)
#include <EigenRand/EigenRand>
#define AZULA_BENCH_EIGENRAND 1
#endif

namespace {

constexpr std::ptrdiff_t count = 1 << 20;

/// Times fill(values) and counts values.
template <class Fill>
void measure(benchmark::State& state, const Fill& fill) {
  Eigen::ArrayXf values = Eigen::ArrayXf::Zero(count);
  for (auto _ : state) {
    fill(values);
    benchmark::DoNotOptimize(values.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * count);
}

/// One draw, in samples of some size and blocks of some length.
template <class Source>
void in_blocks(benchmark::State& state, Source source) {
  const std::ptrdiff_t size = state.range(0), block = state.range(1), whole = count / size * size;
  measure(state, [&](Eigen::ArrayXf& values) {
    const auto draw = source.next({{count / size, size}, 0.7, 0.3});
    for (std::ptrdiff_t from = 0; from < whole; from += block) {
      draw.fill(values.segment(from, std::min(block, whole - from)), from);
    }
  });
}

void normals_azula(benchmark::State& state) { in_blocks(state, azula::NormalSource(42)); }
void normals_azula_brownian(benchmark::State& state) {
  in_blocks(state, azula::BrownianSource(42, azula::time_clock()));
}

template <class Engine, class Distribution>
void normals(benchmark::State& state) {
  Engine engine(42);
  Distribution normal;
  measure(state, [&](Eigen::ArrayXf& values) {
    for (float& value : values) value = normal(engine);
  });
}

BENCHMARK(normals_azula)
    ->ArgNames({"size", "block"})
    ->Args({count, count})
    ->Args({count, 1024})
    ->Args({784, 1024})
    ->Args({3, 1024});
BENCHMARK(normals_azula_brownian)->ArgNames({"size", "block"})->Args({count, 1024});
BENCHMARK(normals<std::mt19937_64, std::normal_distribution<float>>)->Name("normals_std_mt19937_64");
BENCHMARK(normals<std::mt19937, std::normal_distribution<float>>)->Name("normals_std_mt19937");
#if AZULA_BENCH_BOOST
using boost::random::normal_distribution;
BENCHMARK(normals<boost::random::mt19937_64, normal_distribution<float>>)->Name("normals_boost_mt19937_64");
BENCHMARK(normals<boost::random::mt19937, normal_distribution<float>>)->Name("normals_boost_mt19937");
#endif
#if AZULA_BENCH_EIGENRAND
void normals_eigenrand(benchmark::State& state) {
  Eigen::Rand::Vmt19937_64 engine(42);
  Eigen::Rand::NormalGen<float> normal;
  measure(state, [&](Eigen::ArrayXf& values) { values = normal.generate<Eigen::ArrayXf>(count, 1, engine); });
}
BENCHMARK(normals_eigenrand);
#endif

}  // namespace
