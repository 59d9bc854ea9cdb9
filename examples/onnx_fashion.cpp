// The clothes of `fashion`, drawn through ONNX Runtime: the same model, noise and guidance.

#include <azula/azula.hpp>
#include <azula/guide.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "common/fashion_times.hpp"
#include "common/image.hpp"
#include "common/onnx_fashion_network.hpp"

int main() try {
  const examples::OnnxFashionNetwork network(std::filesystem::path(AZULA_EXAMPLES_DATA) / "fashion.onnx");
  Eigen::ArrayXi labels(100);
  for (int i = 0; i < 100; ++i) labels(i) = i % 10;  // a column of the picture for each class

  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser positive(network.conditioned(labels), schedule);
  const azula::KarrasDenoiser negative(network, schedule);  // of any class
  const azula::GuidedDenoiser denoiser(positive, negative, 2.0, {.low = 0.1, .high = 20});
  const azula::Sampler sampler(denoiser, azula::xEAB<2>{.lower_order_final = true},
                               examples::fashion_times(schedule, 12));

  const auto begin = std::chrono::steady_clock::now();
  Eigen::ArrayXXf x(28 * 28, labels.size());  // one image per column
  azula::NormalSource random(/*seed=*/1);
  sampler.init(x, random);
  const Eigen::ArrayXXf images = sampler(std::move(x));
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;

  examples::write_png("onnx_fashion.png",
                      examples::montage(images, {.scale = 3, .margin = 4, .background = 0, .side = 28}));
  std::printf("%td images in %.2f s; see onnx_fashion.png\n", images.cols(), time.count());
} catch (const std::exception& error) {
  std::fprintf(stderr, "onnx_fashion: %s\n", error.what());
  return 1;
}
