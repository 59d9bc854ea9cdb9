// Handwritten digits per second: xEAB3 with 10 steps of the digits network, and DDPM with 20, drawn by azula::parallel
// on one thread and on more, against the plain call. Wall-clock time, beside the processor time of all threads: on idle
// cores the first is the second divided by the threads.

#include "common/digits_network.hpp"

#include "azula/azula.hpp"
#include "azula/sample/parallel.hpp"

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

BENCHMARK(digits_xEAB3)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->Arg(4)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(digits_DDPM)->ArgName("threads")->Arg(0)->Arg(1)->Arg(2)->Arg(4)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
