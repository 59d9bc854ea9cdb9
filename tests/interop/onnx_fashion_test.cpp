#include <Eigen/Core>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/azula.hpp"
#include "azula/interop/onnx_network.hpp"
#include "catch.hpp"
#include "common/fashion_network.hpp"
#include "support/complaint.hpp"

namespace {

const std::filesystem::path data = AZULA_EXAMPLES_DATA;
using Labels = std::vector<std::int64_t>;
using Catch::Matchers::ContainsSubstring;

const azula::OnnxNetwork& clothes() {
  static const azula::OnnxNetwork network(data / "fashion.onnx");
  return network;
}

}  // namespace

TEST_CASE("a model with a condition gives what the same network in Eigen gives", "[interop]") {
  const examples::FashionNetwork eigen(data / "fashion.safetensors");
  const Labels labels{0, 3, 10, 7, 9, 5, 1};
  const azula::OnnxNetwork each = clothes().with("label", {7}, labels), any = each.with("label", {1}, Labels{10});
  Eigen::ArrayXi same(7);
  for (Eigen::Index i = 0; i < 7; ++i) same(i) = static_cast<int>(labels[static_cast<std::size_t>(i)]);
  Eigen::ArrayXXf x(784, 7), a = x, b = x;
  Eigen::Map<Eigen::ArrayXf> values(x.data(), x.size());
  azula::NormalSource(5).fill(values);
  for (const double c : {-3.5, 0.3, 4.0}) {
    each(x, c, a);
    eigen.conditioned(same)(x, c, b);
    CHECK((a - b).abs().maxCoeff() < 1e-5F * b.abs().maxCoeff());
    any(x, c, a);
    eigen(x, c, b);
    CHECK((a - b).abs().maxCoeff() < 1e-5F * b.abs().maxCoeff());
  }
}

TEST_CASE("conditions that do not fit a model are errors that say what was expected and found", "[interop]") {
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Zero(784, 3), y = x;
  const auto with = [](const std::string& name, const std::vector<std::int64_t>& shape, const auto& values) {
    return complaint<std::invalid_argument>([&] { clothes().with(name, shape, values); });
  };
  CHECK_THAT(with("prompt", {1}, Labels{1}),
             ContainsSubstring("must be for an input after the first two, label, got prompt"));
  CHECK_THAT(with("x", {1}, Labels{1}), ContainsSubstring("after the first two, label, got x"));
  CHECK_THAT(with("label", {1}, std::vector<float>{1}),
             ContainsSubstring("input \"label\" must be of integers, got float"));
  CHECK_THAT(with("label", {2}, Labels{1, 2, 3}),
             ContainsSubstring("must have the 2 values of [2], got 3"));
  CHECK_THAT(with("label", {1, 1}, Labels{1}), ContainsSubstring("must be [?], got [1 x 1]"));
  CHECK_THAT(complaint<std::invalid_argument>([&] { clothes()(x, 0.0, y); }),
             ContainsSubstring("each condition must be given, by with(), got none for label"));
  CHECK_THAT(complaint<std::invalid_argument>([&] { clothes().with("label", {2}, Labels{1, 2})(x, 0.0, y); }),
             ContainsSubstring("input \"label\" must be for 1 sample or for the 3 of the batch, got 2"));
}
