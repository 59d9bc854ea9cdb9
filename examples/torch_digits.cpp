// Draws the same digits as the program `digits`, with the network in LibTorch.
//
// It draws them once in a torch tensor and once in an Eigen array that the module reads, compares the two, and measures
// what a step costs beyond the evaluation.

#include <ATen/Parallel.h>
#include <azula/azula.hpp>
#include <azula/interop/torch_network.hpp>
#include <azula/interop/torch_state.hpp>

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

  torch::Tensor x = torch::empty({256, 64});  // one image per row
  sampler.init(x, azula::NormalSource(/*seed=*/1));
  const torch::Tensor drawn = sampler(x);
  const Eigen::Map<const Eigen::ArrayXXf> images(drawn.data_ptr<float>(), 64, 256);
  examples::write_png("torch_digits.png", examples::montage(images.leftCols(100), {.columns = 10}));

  Eigen::ArrayXXf array(64, 256);  // one image per column
  sampler.init(array, azula::NormalSource(1));
  const examples::DigitsNetwork eigen(data / "digits.safetensors");
  const azula::Sampler same(azula::KarrasDenoiser(std::cref(eigen), schedule), azula::xEAB<3>{}, times);
  std::printf("difference to the digits in an Eigen array: %.1e, and to those of the network in Eigen: %.1e\n",
              double((images - sampler(array)).abs().maxCoeff()), double((images - same(array)).abs().maxCoeff()));

  const c10::InferenceMode unrecorded;
  const std::vector<torch::IValue> inputs{torch::rand({256, 64}), torch::zeros({256})};
  const auto compare = [&](const char* state, const auto& run) {
    const auto [with, alone, excess] = examples::beside("torch_digits", run, [&] {
      for (int i = 0; i < 10; ++i) module.forward(inputs);
    }, 100);
    std::printf("a step for 256 digits in %s: %.0f us, %.1f %% more than torch's forward, %.0f us\n", state, with / 10,
                100 * excess, alone / 10);
  };
  compare("a tensor", [&] { sampler(x); });
  compare("an Eigen array", [&] { sampler(array); });
  std::puts("see torch_digits.png");
} catch (const std::exception& error) {
  std::fprintf(stderr, "torch_digits: %s\n", error.what());
  return 1;
}
