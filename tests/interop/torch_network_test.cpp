// Torch's headers take most of a minute to compile: everything that needs them is in this one file.
#include <azula/denoise/karras_denoiser.hpp>
#include <azula/denoise/network_denoiser.hpp>
#include <azula/guide/mmps_denoiser.hpp>
#include <azula/interop/torch_network.hpp>
#include <azula/interop/torch_state.hpp>
#include <azula/method/ddpm.hpp>
#include <azula/noise/vp_schedule.hpp>
#include <azula/random/normal_source.hpp>
#include <azula/sample/sampler.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "catch.hpp"
#include "common/digits_network.hpp"
#include "interop/digits_through.hpp"
#include "support/complaint.hpp"
#include "support/temporary_file.hpp"

using azula::TorchNetwork;
using azula::TorchTime;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

/// A module whose forward is this TorchScript.
torch::jit::Module script(const std::string& signature, const std::string& result) {
  torch::jit::Module module("script");
  module.define("def forward(" + signature + "):\n  return " + result + "\n");
  return module;
}

/// What a module of that forward makes of x at time 3.
Eigen::ArrayXXf apply(const std::string& signature, const std::string& result, const Eigen::ArrayXXf& x,
                      const azula::TorchOptions& options = {}) {
  Eigen::ArrayXXf y;
  TorchNetwork(script(signature, result), options)(x, 3.0, y);
  return y;
}

}  // namespace

TEST_CASE("a module through LibTorch gives what the same network in Eigen gives", "[interop]") {
  const TorchNetwork network(data / "digits.ts");
  const examples::DigitsNetwork eigen(data / "digits.safetensors");
  for (const Eigen::Index count : {1, 7, 256}) {
    const Eigen::ArrayXXf x = noise(count), v = noise(count, 6);
    Eigen::ArrayXXf a(64, count), b(64, count);
    for (const double c : {-6.0, 0.3, 6.5}) {
      network(x, c, a);
      eigen(x, c, b);
      REQUIRE((a - b).abs().maxCoeff() < 1e-5F);
      network.vjp(x, c, v, a);
      eigen.vjp(x, c, v, b);
      REQUIRE((a - b).abs().maxCoeff() < 1e-5F);
    }
  }
}

TEST_CASE("derivatives are taken in whatever mode the caller is, and zero where nothing depends on the input",
          "[interop]") {
  const Eigen::ArrayXXf x = noise(3), v = noise(3, 6);
  Eigen::ArrayXXf out;
  const TorchNetwork square(script("self, x, t", "0.5 * x * x"));
  square.vjp(x, 0.0, v, out);
  REQUIRE((out - x * v).abs().maxCoeff() < 1e-6F);
  const c10::InferenceMode unrecorded;
  square.vjp(x, 0.0, v, out);
  REQUIRE((out - x * v).abs().maxCoeff() < 1e-6F);
  Eigen::ArrayXXf expected(64, 3);
  examples::DigitsNetwork(data / "digits.safetensors").vjp(x, 0.3, v, expected);
  TorchNetwork(data / "digits.ts").vjp(x, 0.3, v, out);
  REQUIRE((out - expected).abs().maxCoeff() < 1e-5F);
  TorchNetwork(script("self, x, t", "torch.ones_like(x)")).vjp(x, 0.0, v, out);
  REQUIRE((out == 0).all());
  REQUIRE_THAT(complaint([&] { square.vjp(x, 0.0, noise(2), out); }),
               ContainsSubstring("v must have the shape of the input, 64 x 3, got 64 x 2"));
}

TEST_CASE("a posterior sampler draws the same through LibTorch as through the network in Eigen",
          "[interop]") {
  const examples::DigitsNetwork eigen(data / "digits.safetensors");
  const auto mean = [](const auto& network) {
    const azula::NetworkDenoiser denoiser(network, azula::VPSchedule{}, azula::EDMPrediction{.sigma_data = 1},
                                          azula::LogRatioTime{.scale = 1});
    const Eigen::ArrayXXf y = Eigen::ArrayXXf::Constant(2, 4, 0.5F);
    const azula::MMPSDenoiser posterior(denoiser, azula::SelectionOperator({9, 10}), y, {.noise = 0.1});
    azula::NormalSource random(2);
    return Eigen::ArrayXXf(azula::Sampler(posterior, azula::DDPM{}, {.steps = 5})(noise(4), random));
  };
  const Eigen::ArrayXXf a = mean(TorchNetwork(data / "digits.ts")), b = mean(std::cref(eigen));
  REQUIRE((a - b).abs().maxCoeff() < 1e-4F);
  REQUIRE((a - mean(std::cref(eigen))).isFinite().all());
}

TEST_CASE("a sampler runs a module on arrays and tensors, and from several threads", "[interop]") {
  require_same_everywhere(azula::KarrasDenoiser(TorchNetwork(data / "digits.ts"), azula::VPSchedule{}));
}

TEST_CASE("a module is given samples of the shape and a time of the form that its options say", "[interop]") {
  const Eigen::ArrayXXf x = noise(2);
  const std::string plain = "self, x, t";
  REQUIRE((apply(plain, "x * t.reshape(2, 1)", x) == 3 * x).all());
  REQUIRE((apply(plain, "x * len(t.shape) * t", x, {.time = TorchTime::column}) == 6 * x).all());
  REQUIRE((apply(plain, "x * (1 + len(t.shape)) * t", x, {.time = TorchTime::single}) == 3 * x).all());
  REQUIRE((apply("self, x, t: float", "x * t", x) == 3 * x).all());
  REQUIRE((apply("self, x, t, scale: float = 2.0", "x * scale", x) == 2 * x).all());
  // The rows of a 4 × 16 image are 16 values that lie one after another.
  const Eigen::ArrayXXf means =
      apply(plain, "x.mean([3], True).expand(2, 1, 4, 16)", x, {.sample = {1, 4, 16}});
  for (Eigen::Index i = 0; i < 64; ++i) {
    const Eigen::Index row = i / 16 * 16;
    REQUIRE(std::abs(means(i, 1) - x.col(1).segment(row, 16).mean()) < 1e-6F);
  }
  REQUIRE((apply(plain, "x.double()", x) == x).all());
}

TEST_CASE("what does not fit a module is an error that says what was expected and found", "[interop]") {
  const Eigen::ArrayXXf x = noise(2);
  const auto refused = [&](const std::string& signature, const std::string& result,
                           const azula::TorchOptions& options = {}) {
    return complaint<std::invalid_argument>([&] { apply(signature, result, x, options); });
  };
  const std::string at = "azula::TorchNetwork: the module: ";
  REQUIRE(refused("self, x, t", "x[:, :3]") ==
          at + "the output must have the shape of the input, 2 x 64, got 2 x 3");
  REQUIRE(refused("self, x, t", "x.sum()") ==
          at + "the output must have the shape of the input, 2 x 64, got no dimensions");
  REQUIRE(refused("self, x, t", "x", {.sample = {3, 8, 8}}) ==
          at + "a sample must have the 192 values of 3 x 8 x 8, got 64");
  REQUIRE(refused("self, x, t", "(x, t)") == at + "forward must return a Tensor, got Tuple");
  REQUIRE(refused("self, x", "x") == at + "forward must have at least 2 arguments, got 1");
  REQUIRE(refused("self, x: int, t", "t") == at + "argument \"x\" must be a Tensor, got int");
  REQUIRE(refused("self, x, t: str", "x") == at + "argument \"t\" must be a Tensor or a float, got str");
  REQUIRE(complaint([] { TorchNetwork(torch::jit::Module("empty")); }) ==
          at + "the module must have a forward, got none");
}

TEST_CASE("a module is given a tensor as it is, and what it returns is the mean", "[interop]") {
  using azula::TorchState;
  const TorchNetwork network(data / "digits.ts");
  const Eigen::ArrayXXf x = noise(3);
  TorchState state(torch::from_blob(const_cast<float*>(x.data()), {3, 64})), mean(torch::zeros({3, 64}));
  const auto same = [&](const Eigen::ArrayXXf& expected) {
    return mean.values().is_contiguous() && std::equal(expected.data(), expected.data() + 192, mean.values().data_ptr<float>());
  };
  Eigen::ArrayXXf y;
  network(x, 0.3, y);
  const void* slot = mean.values().data_ptr();
  network(state, 0.3, mean);
  CHECK(same(y));
  CHECK(mean.values().data_ptr() != slot);  // the output's own memory

  // It sees the memory of the state, which what it returns must not share.
  const void* const memory = state.values().data_ptr();
  TorchNetwork(script("self, x, t", "x.mul_(2.0)"))(state, 3.0, mean);
  CHECK(state.values().data_ptr() == memory);
  CHECK(state.values().data_ptr<float>()[5] == 2 * x(5, 0));
  CHECK(same(2 * x));
  CHECK(mean.values().data_ptr() != memory);
  torch::jit::Module keeper("keeper");
  const torch::Tensor kept = torch::ones({3, 64});
  keeper.register_buffer("kept", kept);
  keeper.define("def forward(self, x, t):\n  return self.kept\n");
  TorchNetwork{keeper}(state, 3.0, mean);
  CHECK(same(Eigen::ArrayXXf::Ones(64, 3)));
  CHECK(mean.values().data_ptr() != kept.data_ptr());
}

TEST_CASE("a module is given tensors of the dimensions, type and device that it wants", "[interop]") {
  using azula::TorchState;
  const auto apply_to = [](const torch::jit::Module& module, const torch::Tensor& x, const azula::TorchOptions& options = {}) {
    TorchState mean(torch::zeros_like(x));
    TorchNetwork(module, options)(TorchState(x), 0.3, mean);
    CHECK(mean.values().sizes() == x.sizes());
    CHECK(mean.values().scalar_type() == x.scalar_type());
    return mean.values();
  };
  const torch::Tensor image = torch::rand({2, 1, 4, 16}), flat = image.view({2, 64});
  const auto means = script("self, x, t", "x.mean([3], True).expand(2, 1, 4, 16)");
  const torch::Tensor expected = image.mean({3}, true).expand({2, 1, 4, 16});
  CHECK(apply_to(means, image).equal(expected));
  CHECK(apply_to(means, flat, {.sample = {1, 4, 16}}).view(image.sizes()).equal(expected));

  torch::jit::Module digits = torch::jit::load((data / "digits.ts").string());
  const torch::Tensor wide = torch::randn({3, 64}, torch::kFloat64), in_float = apply_to(digits, wide.to(torch::kFloat32));
  CHECK((apply_to(digits, wide) - in_float).abs().max().item<double>() < 1e-6);
  CHECK((apply_to(digits, wide.to(torch::kBFloat16)) - in_float).abs().max().item<double>() < 0.1);
  digits.to(torch::kFloat64);
  const torch::Tensor in_double = apply_to(digits, wide);
  CHECK((in_double - in_float).abs().max().item<double>() < 1e-5);
  CHECK(in_double.to(torch::kFloat32).to(torch::kFloat64).ne(in_double).any().item<bool>());
  const Eigen::ArrayXXf x = noise(3);
  Eigen::ArrayXXf of_double, of_float;
  TorchNetwork{digits}(x, 0.3, of_double);
  TorchNetwork(data / "digits.ts")(x, 0.3, of_float);
  CHECK((of_double - of_float).abs().maxCoeff() < 1e-5F);
}

TEST_CASE("a sampler draws the digits in a tensor as it draws them in an array", "[interop]") {
  const azula::KarrasDenoiser denoiser(TorchNetwork(data / "digits.ts"), azula::VPSchedule{});
  const azula::Sampler sampler(denoiser, azula::DDPM{}, {.steps = 8, .silent = true});
  azula::NormalSource random(4), same(4);
  Eigen::ArrayXXf x(64, 5);
  torch::Tensor y = torch::empty({5, 64});
  sampler.init(x, random);
  sampler.init(y, same);
  const Eigen::ArrayXXf expected = sampler(x, random);
  y = sampler(y, same);
  const Eigen::Map<const Eigen::ArrayXXf> drawn(y.data_ptr<float>(), 64, 5);
  CHECK((drawn - expected).abs().maxCoeff() < 1e-4F);
  CHECK(drawn.isFinite().all());
}

TEST_CASE("a module's further arguments are conditions, for one sample or for all", "[interop]") {
  const Eigen::ArrayXXf x = noise(3);
  Eigen::ArrayXXf y;
  const TorchNetwork network(script("self, x, t, label, scale: float = 1.0", "scale * x + label.reshape(3, 1)"));
  network.with("label", torch::tensor({0.0F, 1.0F, 2.0F}))(x, 3.0, y);
  for (Eigen::Index i = 0; i < 3; ++i) REQUIRE((y.col(i) == x.col(i) + static_cast<float>(i)).all());
  const TorchNetwork same = network.with("label", torch::tensor({4.0F})).with("scale", 2.0);
  same(x, 3.0, y);
  REQUIRE((y == 2 * x + 4).all());
  same.vjp(x, 3.0, x, y);
  REQUIRE((y == 2 * x).all());
  const TorchNetwork product = [] {
    const c10::InferenceMode unrecorded;
    return TorchNetwork(script("self, x, t, factor", "x * factor")).with("factor", torch::tensor(3.0F));
  }();
  product.vjp(x, 3.0, x, y);
  REQUIRE((y == 3 * x).all());
  const auto complaint_of = [&](const TorchNetwork& of) {
    return complaint<std::invalid_argument>([&] { of(x, 3.0, y); });
  };
  const std::string at = "azula::TorchNetwork: the module: ";
  REQUIRE(complaint_of(network) == at + "each condition must be given, by with(), got none for label");
  REQUIRE(complaint_of(network.with("label", torch::zeros({2}))) ==
          at + "argument \"label\" must be for 1 sample or for the 3 of the batch, got 2");
  REQUIRE(complaint([&] { network.with("labels", 1); }) ==
          at + "a condition must be for an argument after the first two, label, scale, got labels");
  REQUIRE(complaint([&] { network.with("scale", "two"); }) ==
          at + "argument \"scale\" must be of type float, got str");
}

TEST_CASE("a file that is missing, cut short or no module is an error that says so", "[interop]") {
  REQUIRE(complaint([] { TorchNetwork("no/such.ts"); }) ==
          "azula::TorchNetwork: the module must be a file, got no/such.ts");
  REQUIRE_THAT(complaint<std::invalid_argument>([] { TorchNetwork(data / "README.md"); }),
               ContainsSubstring("README.md must be a module that torch can load, got "));
  std::ifstream whole(data / "digits.ts", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(whole), {}};
  const TemporaryFile part(bytes.substr(0, bytes.size() / 2));
  REQUIRE_THAT(complaint<std::invalid_argument>([&] { TorchNetwork{part.path()}; }),
               ContainsSubstring(part.path().string() + " must be a module that torch can load, got "));
}
