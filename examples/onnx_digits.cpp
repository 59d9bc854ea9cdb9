// The digits of `digits`, drawn through ONNX Runtime: the model reads and writes the sampler's memory.

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>

#include <cstdio>
#include <filesystem>

#include "common/beside.hpp"
#include "common/image.hpp"

int main() try {
  const azula::OnnxNetwork network(std::filesystem::path(AZULA_EXAMPLES_DATA) / "digits.onnx");
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(network, schedule);
  const azula::Sampler sampler(denoiser, azula::xEAB<3>{}, azula::log_snr_times(schedule, {.steps = 10}));

  Eigen::ArrayXXf x(64, 256);  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);

  examples::write_png("onnx_digits.png", examples::montage(sampler(x).leftCols(100), {.columns = 10}));

  // The engine's own calls, on memory that is bound once.
  Eigen::ArrayXXf y = x;
  const auto [run, alone, excess] = examples::beside([&] { sampler(x); }, [&] {
    for (int i = 0; i < 10; ++i) network(x, 0.0, y);
  }, 100);
  std::printf("ten steps for 256 digits: %.0f us, %.1f %% more than ten calls of ONNX Runtime, %.0f us; see onnx_digits.png\n",
              run, 100 * excess, alone);
} catch (const std::exception& error) {
  std::fprintf(stderr, "onnx_digits: %s\n", error.what());
  return 1;
}
