// Draws the same clothes as the program `fashion`, with the network in ONNX Runtime.
//
// Model, noise and guidance are the same. The class label is a condition of the model.

#include <azula/azula.hpp>
#include <azula/guide.hpp>
#include <azula/interop/onnx_network.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "common/fashion_times.hpp"
#include "common/image.hpp"
#include "common/progress.hpp"

int main() try {
  std::vector<std::int64_t> labels(100);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::int64_t(i % 10);  // a column for each class
  const std::vector<std::int64_t> any_class{10};

  const azula::OnnxNetwork network(std::filesystem::path(AZULA_EXAMPLES_DATA) / "fashion.onnx");
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser positive(network.with("label", {100}, labels), schedule);
  const azula::KarrasDenoiser negative(network.with("label", {1}, any_class), schedule);
  const azula::GuidedDenoiser denoiser(positive, negative, 2.0, {.low = 0.1, .high = 20});
  const azula::Sampler sampler(denoiser, azula::xEAB<2>{.lower_order_final = true},
                               examples::fashion_times(schedule, 12), {.silent = true});

  const auto begin = std::chrono::steady_clock::now();
  Eigen::ArrayXXf x(28 * 28, 100);  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);
  examples::Progress progress("onnx_fashion: 100 images", sampler.steps(), "steps");
  const Eigen::ArrayXXf images =
      sampler(std::move(x), [&](const azula::StepInfo&, const auto&) { progress.next(); });
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  progress.clear();

  examples::write_png("onnx_fashion.png",
                      examples::montage(images, {.scale = 3, .margin = 4, .background = 0, .side = 28}));
  std::printf("%td images in %.2f s; see onnx_fashion.png\n", images.cols(), time.count());
} catch (const std::exception& error) {
  std::fprintf(stderr, "onnx_fashion: %s\n", error.what());
  return 1;
}
