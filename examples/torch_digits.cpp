// The digits of `digits`, drawn through LibTorch, whose modules read the sampler's memory.

#include <ATen/Parallel.h>
#include <azula/azula.hpp>
#include <azula/interop/torch_network.hpp>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

#include "common/beside.hpp"
#include "common/digits_network.hpp"
#include "common/image.hpp"

int main() try {
  const std::filesystem::path data = AZULA_EXAMPLES_DATA;
  at::set_num_threads(1);  // OpenBLAS takes its own from the environment, OPENBLAS_NUM_THREADS
  torch::jit::Module module = torch::jit::load((data / "digits.ts").string());
  const azula::TorchNetwork network(module);
  const azula::VPSchedule schedule;
  const auto times = azula::log_snr_times(schedule, {.steps = 10});
  const azula::Sampler sampler(azula::KarrasDenoiser(network, schedule), azula::xEAB<3>{}, times);

  Eigen::ArrayXXf x(64, 256);  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);
  const Eigen::ArrayXXf drawn = sampler(x);
  examples::write_png("torch_digits.png", examples::montage(drawn.leftCols(100), {.columns = 10}));

  const examples::DigitsNetwork eigen(data / "digits.safetensors");
  const azula::Sampler same(azula::KarrasDenoiser(std::cref(eigen), schedule), azula::xEAB<3>{}, times);
  std::printf("difference to the digits of the network in Eigen: %.1e\n",
              double((drawn - same(x)).abs().maxCoeff()));

  const c10::InferenceMode unrecorded;
  const std::vector<torch::IValue> inputs{torch::rand({256, 64}), torch::zeros({256})};
  const auto [run, alone, excess] = examples::beside("torch_digits", [&] { sampler(x); }, [&] {
    for (int i = 0; i < 10; ++i) module.forward(inputs);
  }, 100);
  std::printf("a step for 256 digits: %.0f us, %.1f %% more than torch's forward, %.0f us\n", run / 10, 100 * excess,
              alone / 10);
  std::puts("see torch_digits.png");
} catch (const std::exception& error) {
  std::fprintf(stderr, "torch_digits: %s\n", error.what());
  return 1;
}
