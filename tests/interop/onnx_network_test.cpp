#include "catch.hpp"

#include "support/complaint.hpp"
#include "support/temporary_file.hpp"

#include "common/digits_network.hpp"
#include "interop/digits_through.hpp"
#include "interop/small_model.hpp"

#include <azula/azula.hpp>
#include <azula/interop/onnx_network.hpp>

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using azula::OnnxNetwork;
using Catch::Matchers::ContainsSubstring;

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

/// A model as a network; what it is read from is gone afterwards.
OnnxNetwork network_of(const std::string& bytes, const azula::OnnxOptions& options = {}) {
  const TemporaryFile file(bytes);
  return OnnxNetwork(file.path(), options);
}

using Extents = std::vector<std::uint64_t>;

/// Of inputs x and t and output y.
std::string model(const std::string& node, const Extents& x, const Extents& t, const Extents& y) {
  using small_model::port;
  return small_model::model(node, {port("x", x), port("t", t)}, port("y", y));
}

}  // namespace

TEST_CASE("a model through ONNX Runtime gives what the same network in Eigen gives", "[interop]") {
  const OnnxNetwork onnx(data / "digits.onnx");
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

TEST_CASE("an ONNX model is told a time per sample", "[interop]") {
  const OnnxNetwork onnx(data / "digits.onnx");
  const Eigen::ArrayXXf x = noise(5);
  const azula::SampleTimes c{{-6, 0.3, 6.5, 0.3, -2}};
  Eigen::ArrayXXf together, alone, equal;
  onnx(x, c, together);
  for (Eigen::Index j = 0; j < c.size(); ++j) {
    onnx(Eigen::ArrayXXf(x.col(j)), c(j), alone);
    CHECK((together.col(j) - alone).abs().maxCoeff() < 1e-5F);
  }
  onnx(x, 0.3, alone);
  onnx(x, azula::SampleTimes(azula::SampleTimes::Constant(5, 0.3)), equal);
  CHECK((alone == equal).all());
  CHECK_THAT(complaint([&] { onnx(x, azula::SampleTimes(c.head(3)), together); }),
             ContainsSubstring("azula::OnnxNetwork: there must be a time for each of the 5 samples, got 3"));
}

TEST_CASE("an ONNX model that takes one time for all refuses different ones", "[interop]") {
  for (const Extents& extents : {Extents{}, Extents{1}}) {
    const OnnxNetwork one = network_of(model(small_model::identity(), {0, 64}, extents, {0, 64}));
    const Eigen::ArrayXXf x = noise(2);
    Eigen::ArrayXXf y;
    one(x, azula::SampleTimes(azula::SampleTimes::Constant(2, 3)), y);
    CHECK((x == y).all());
    CHECK_THAT(complaint([&] { one(x, azula::SampleTimes{{1, 2}}, y); }),
               ContainsSubstring("input \"t\" must be a number per sample where samples have different times, got ["));
  }
}

TEST_CASE("a sampler runs an ONNX model on arrays and tensors, and from several threads", "[interop]") {
  require_same_everywhere(azula::KarrasDenoiser(OnnxNetwork(data / "digits.onnx"), azula::VPSchedule{}));
}

TEST_CASE("what does not fit an ONNX model is an error that says what was expected and found", "[interop]") {
  const OnnxNetwork onnx(data / "digits.onnx");
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(63, 2), y(63, 2);
  REQUIRE(complaint([&] { onnx(x, 0.0, y); }).find("must have the 64 values of input \"x\", got 63") != std::string::npos);
  REQUIRE(complaint([] { OnnxNetwork("no/such.onnx"); }) ==
          "azula::OnnxNetwork: the model must be a file, got no/such.onnx");
  const std::string text = complaint([&] { OnnxNetwork(data / "README.md"); });
  REQUIRE(text.find("must be a model that ONNX Runtime can load, got ") != std::string::npos);
}

TEST_CASE("a network of an ONNX model gives its output the size of the state", "[interop]") {
  const azula::KarrasDenoiser denoiser(OnnxNetwork(data / "digits.onnx"), azula::VPSchedule{});
  const Eigen::ArrayXXf x = noise(5);
  Eigen::ArrayXXf mean, other(3, 1), expected(64, 5);
  denoiser(x, 0.5, expected);
  denoiser(x, 0.5, mean);
  denoiser(x, 0.5, other);
  REQUIRE((mean == expected).all());
  REQUIRE((other == expected).all());
}

TEST_CASE("what an ONNX model leaves open of a sample is inferred or said", "[interop]") {
  const std::string open = model(small_model::identity(), {0, 0, 0, 0}, {0}, {0, 0, 0, 0});
  const std::string channels = model(small_model::identity(), {0, 0, 8, 8}, {0}, {0, 0, 8, 8});
  Eigen::Tensor<float, 4, Eigen::RowMajor> x(2, 4, 8, 8), y;
  x.setRandom();
  const auto same = [&] { return std::equal(x.data(), x.data() + x.size(), y.data(), y.data() + y.size()); };
  network_of(channels)(x, 0.0, y);
  REQUIRE(same());
  y.resize(1, 1, 1, 1);
  network_of(open, {.sample = {4, 8, 8}})(x, 0.0, y);
  REQUIRE(same());
  CHECK_THAT(complaint([&] { network_of(open)(x, 0.0, y); }),
             ContainsSubstring("OnnxOptions::sample must say what input \"x\" leaves open, got [? x ? x ? x ?]"));
  CHECK_THAT(complaint([&] { network_of(open, {.sample = {3, 8, 8}})(x, 0.0, y); }),
             ContainsSubstring("a sample must have the 192 values of input \"x\", got 256"));
  CHECK_THAT(complaint([&] { network_of(channels, {.sample = {4, 8, 9}}); }),
             ContainsSubstring("a sample must fit input \"x\", [? x ? x 8 x 8], got [? x 4 x 8 x 9]"));
  Eigen::ArrayXXf odd(65, 2);
  CHECK_THAT(complaint([&] { network_of(channels)(odd, 0.0, odd); }),
             ContainsSubstring("a sample must have the 64 values of input \"x\", got 65"));
}

TEST_CASE("an ONNX model whose inputs or output cannot fit is refused when it is loaded", "[interop]") {
  const auto what = [](const std::string& bytes) { return complaint([&] { network_of(bytes); }); };
  CHECK_THAT(what(model(small_model::twice(), {0, 4, 8, 8}, {0}, {0, 8, 8, 8})),
             ContainsSubstring("output \"y\" must have the shape of input \"x\", [? x 4 x 8 x 8], got [? x 8 x 8 x 8]"));
  CHECK_THAT(what(model(small_model::identity(), {0, 64}, {0, 32}, {0, 64})),
             ContainsSubstring("input \"t\" must be a number per sample, got [? x 32]"));
  CHECK_THAT(what(small_model::model(small_model::identity(), {small_model::port("x", {0, 64})},
                                     small_model::port("y", {0, 64}))),
             ContainsSubstring("the model must have at least 2 inputs and 1 output, got 1 and 1"));
  std::ifstream file(data / "digits.onnx", std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  CHECK_THAT(what(whole.substr(0, whole.size() / 2)), ContainsSubstring("must be a model that ONNX Runtime can load"));
}

TEST_CASE("an ONNX model that writes another shape is an error that names both", "[interop]") {
  const OnnxNetwork twice = network_of(model(small_model::twice(), {0, 0}, {0}, {0, 0}));
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(64, 2), y;
  const std::string text = complaint<std::runtime_error>([&] { twice(x, 0.0, y); });
  CHECK_THAT(text, ContainsSubstring("the model must write [2 x 64], got "));
  CHECK_THAT(text, ContainsSubstring("128"));
}

TEST_CASE("a condition must have the shape that the ONNX model has", "[interop]") {
  using small_model::port;
  const OnnxNetwork network = network_of(small_model::model(
      small_model::identity(), {port("x", {0, 64}), port("t", {0}), port("e", {0, 7, 2})}, port("y", {0, 64})));
  const auto with = [&](std::vector<std::int64_t> shape, std::size_t count) {
    return complaint([&] { network.with("e", std::move(shape), std::vector<float>(count)); });
  };
  CHECK(with({1, 7, 2}, 14).empty());
  CHECK(with({3, 7, 2}, 42).empty());
  CHECK_THAT(with({1, 6, 2}, 12), ContainsSubstring("input \"e\" must be [? x 7 x 2], got [1 x 6 x 2]"));
  CHECK_THAT(with({7, 2}, 14), ContainsSubstring("input \"e\" must be [? x 7 x 2], got [7 x 2]"));
  CHECK_THAT(with({1, 7, 2}, 13), ContainsSubstring("input \"e\" must have the 14 values of [1 x 7 x 2], got 13"));
}
