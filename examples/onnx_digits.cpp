// Draws the same digits as the program `digits`, with the network in ONNX Runtime.
//
// The model reads and writes the sampler's memory, without copies of the images.

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "common/beside.hpp"
#include "common/image.hpp"

int main() try {
  const std::filesystem::path model = std::filesystem::path(AZULA_EXAMPLES_DATA) / "digits.onnx";
  const azula::OnnxNetwork network(model);
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(network, schedule);
  const azula::Sampler sampler(denoiser, azula::xEAB<3>{}, azula::log_snr_times(schedule, {.steps = 10}));

  Eigen::ArrayXXf x(64, 256);  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);

  examples::write_png("onnx_digits.png", examples::montage(sampler(x).leftCols(100), {.columns = 10}));

  // The engine by itself, on memory that is bound once.
  Ort::Env environment(ORT_LOGGING_LEVEL_ERROR);
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  Ort::Session session(environment, model.c_str(), options);
  Ort::IoBinding binding(session);
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  const std::array<std::int64_t, 2> shape{256, 64};
  Eigen::ArrayXXf y = x;
  Eigen::ArrayXf time = Eigen::ArrayXf::Zero(256);
  Ort::AllocatorWithDefaultOptions names;
  const auto bound = [&](auto& values, std::size_t rank) {
    const auto size = static_cast<std::size_t>(values.size());
    return Ort::Value::CreateTensor<float>(memory, values.data(), size, shape.data(), rank);
  };
  binding.BindInput(session.GetInputNameAllocated(0, names).get(), bound(x, 2));
  binding.BindInput(session.GetInputNameAllocated(1, names).get(), bound(time, 1));
  binding.BindOutput(session.GetOutputNameAllocated(0, names).get(), bound(y, 2));
  const auto [run, alone, excess] = examples::beside("onnx_digits", [&] { sampler(x); }, [&] {
    for (int i = 0; i < 10; ++i) session.Run(Ort::RunOptions(), binding);
  }, 100);
  std::printf("a step for 256 digits: %.0f us, %.1f %% more than a call of ONNX Runtime, %.0f us\n", run / 10,
              100 * excess, alone / 10);
  std::puts("see onnx_digits.png");
} catch (const std::exception& error) {
  std::fprintf(stderr, "onnx_digits: %s\n", error.what());
  return 1;
}
