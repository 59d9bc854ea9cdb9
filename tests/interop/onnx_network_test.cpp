#include "catch.hpp"

#include "support/complaint.hpp"

#include "common/digits_network.hpp"
#include "interop/digits_through.hpp"

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>

#include <Eigen/Core>

#include <filesystem>

namespace {

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

}  // namespace

TEST_CASE("a model through ONNX Runtime gives what the same network in Eigen gives", "[interop]") {
  const azula::OnnxNetwork onnx(data / "digits.onnx");
  const examples::DigitsNetwork eigen(data / "digits.safetensors");
  for (const Eigen::Index count : {1, 7, 256}) {
    const Eigen::ArrayXXf x = noise(count);
    Eigen::ArrayXXf a(64, count), b(64, count);
    for (const double c : {-6.0, 0.3, 6.5}) {
      onnx(x, c, a);
      eigen(x, c, b);
      REQUIRE((a - b).abs().maxCoeff() < 1e-5F);
    }
  }
}

TEST_CASE("a sampler runs an ONNX model on arrays and tensors, and from several threads", "[interop]") {
  require_same_everywhere(azula::KarrasDenoiser(azula::OnnxNetwork(data / "digits.onnx"), azula::VPSchedule{}));
}

TEST_CASE("what does not fit an ONNX model is an error that says what was expected and found", "[interop]") {
  const azula::OnnxNetwork onnx(data / "digits.onnx");
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(63, 2), y(63, 2);
  REQUIRE(complaint([&] { onnx(x, 0.0, y); }).find("must have the 64 values of input \"x\", got 63") != std::string::npos);
  REQUIRE(complaint([] { azula::OnnxNetwork("no/such.onnx"); }) ==
          "azula::OnnxNetwork: the model must be a file, got no/such.onnx");
  const std::string text = complaint([&] { azula::OnnxNetwork(data / "README.md"); });
  REQUIRE(text.find("must be a model that ONNX Runtime can load, got ") != std::string::npos);
}
