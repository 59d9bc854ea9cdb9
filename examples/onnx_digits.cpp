// The digits of `digits`, drawn through ONNX Runtime: the model reads and writes the sampler's memory.

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "common/image.hpp"

int main() try {
  using Clock = std::chrono::steady_clock;
  const azula::OnnxNetwork network(std::filesystem::path(AZULA_EXAMPLES_DATA) / "digits.onnx");
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(network, schedule);
  const azula::Sampler sampler(denoiser, azula::xEAB<3>{}, azula::log_snr_times(schedule, {.steps = 10}));

  Eigen::ArrayXXf x(64, 256);  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);

  // What the network alone costs, in the same calls.
  Eigen::ArrayXXf y = x;
  for (int i = 0; i < 20; ++i) network(x, 0.0, y);
  auto begin = Clock::now();
  for (int i = 0; i < 200; ++i) network(x, 0.0, y);
  const double alone = std::chrono::duration<double, std::micro>(Clock::now() - begin).count() / 200;

  // What this library adds to each step: the update, and the scaling in and out of KarrasDenoiser.
  const auto nothing = [](const auto&, double, const auto&) {};
  const azula::KarrasDenoiser idle(nothing, schedule);
  const azula::Sampler updates(idle, azula::xEAB<3>{}, azula::log_snr_times(schedule, {.steps = 1000}), {.check_finite = false});
  begin = Clock::now();
  y = updates(x);
  const double own = std::chrono::duration<double, std::micro>(Clock::now() - begin).count() / 1000;

  examples::write_png("onnx_digits.png", examples::montage(sampler(x).leftCols(100), {.columns = 10}));
  std::printf("a step for 256 digits: %.0f us in ONNX Runtime, %.1f us here (%.1f %%); see onnx_digits.png\n", alone, own,
              100 * own / alone);
} catch (const std::exception& error) {
  std::fprintf(stderr, "onnx_digits: %s\n", error.what());
  return 1;
}
