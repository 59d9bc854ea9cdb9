// Measures how sampling scales with the number of threads.
//
// First it draws handwritten digits with azula::parallel, on one thread and on more, and with the plain call: xEAB3
// with 10 steps, and DDPM with 20. It shows the wall-clock time and the processor time of all threads. On idle cores,
// the former is the latter divided by the number of threads.
//
// Then it makes one step of a single sample of 12 million floats, whose update and noise Sampler::on divides between
// threads. With noise, arithmetic limits the speed; without noise, memory does.

#include "common/digits_network.hpp"

#include "azula/azula.hpp"
#include "azula/sample/parallel.hpp"
#include "azula/sample/threads.hpp"

#include <Eigen/Core>

#include <benchmark/benchmark.h>

#include <functional>

namespace {

constexpr Eigen::Index digits = 1024;

const auto& denoiser() {
  static const azula::KarrasDenoiser denoiser(examples::DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"),
                                              azula::VPSchedule{});
  return denoiser;
}

/// Range: the number of threads, or 0 for the plain call.
template <class M>
void draw(benchmark::State& state, const M& method, std::ptrdiff_t steps) {
  const azula::Sampler sampler(std::ref(denoiser()), method,
                               azula::log_snr_times(azula::VPSchedule{}, {.stop = 0.01, .steps = steps}),
                               {.silent = true});
  azula::NormalSource random(1);
  Eigen::ArrayXXf x(examples::DigitsNetwork::pixels, digits);
  sampler.init(x, random);
  const auto threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const Eigen::ArrayXXf y = threads == 0 ? sampler(x, random) : azula::parallel(sampler, x, random, threads);
    benchmark::DoNotOptimize(y.data());
  }
  state.SetItemsProcessed(state.iterations() * digits);
}

void digits_xEAB3(benchmark::State& state) { draw(state, azula::xEAB<3>{}, 10); }
void digits_DDPM(benchmark::State& state) { draw(state, azula::DDPM{}, 20); }

/// Range: the number of threads, or 0 for a sampler that knows of none.
template <class M>
void step(benchmark::State& state, const M& method) {
  constexpr std::ptrdiff_t steps = 1000;  // more than are timed
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), method, {.steps = steps});
  azula::NormalSource random(1);
  const auto advance = [&](auto run) {
    run.mean().setZero();
    while (!run.done() && run.time() > 0.98) run.advance(random);  // the method has its history
    for (auto _ : state) {
      run.advance(random);
      if (run.done()) state.SkipWithError("too few steps");
    }
  };
  const Eigen::ArrayXf x = Eigen::ArrayXf::Ones(12'000'000);
  const auto threads = static_cast<int>(state.range(0));
  threads == 0 ? advance(sampler.start(x)) : advance(sampler.on(azula::Threads(threads)).start(x));
  state.SetItemsProcessed(state.iterations() * x.size());
}

void one_sample_DDPM(benchmark::State& state) { step(state, azula::DDPM{}); }
void one_sample_xEAB3(benchmark::State& state) { step(state, azula::xEAB<3>{}); }

BENCHMARK(one_sample_DDPM)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(one_sample_xEAB3)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(digits_xEAB3)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->Arg(4)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(digits_DDPM)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->Arg(4)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
