#include "catch.hpp"

#include "support/complaint.hpp"

#include "common/fashion_network.hpp"
#include "common/onnx_fashion_network.hpp"

#include <azula/random.hpp>

#include <Eigen/Core>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace {

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

}  // namespace

TEST_CASE("the clothes' model in ONNX Runtime gives what the same network in Eigen gives", "[interop]") {
  const examples::OnnxFashionNetwork onnx(data / "fashion.onnx");
  const examples::FashionNetwork eigen(data / "fashion.safetensors");
  Eigen::ArrayXi labels(7);
  labels << 0, 3, 10, 7, 9, 5, 1;
  Eigen::ArrayXXf x(784, labels.size()), a = x, b = x;
  Eigen::Map<Eigen::ArrayXf> values(x.data(), x.size());
  azula::NormalSource(5).fill(values);
  for (const double c : {-3.5, 0.3, 4.0}) {
    onnx.conditioned(labels)(x, c, a);
    eigen.conditioned(labels)(x, c, b);
    CHECK((a - b).abs().maxCoeff() < 1e-5F * b.abs().maxCoeff());
    onnx(x, c, a);
    eigen(x, c, b);
    CHECK((a - b).abs().maxCoeff() < 1e-5F * b.abs().maxCoeff());
  }
}

TEST_CASE("labels that fit no batch are refused by the clothes' model in ONNX Runtime", "[interop]") {
  const auto onnx = examples::OnnxFashionNetwork(data / "fashion.onnx").conditioned(Eigen::ArrayXi::Zero(2));
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(784, 3), y = x;
  CHECK(complaint<std::invalid_argument>([&] { onnx(x, 0.0, y); }).find("one for each of 3 images, got 2") !=
        std::string::npos);
}
