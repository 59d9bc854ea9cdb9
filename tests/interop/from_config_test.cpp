#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "azula/azula.hpp"
#include "azula/guide.hpp"
#include "azula/interop/diffusers.hpp"
#include "azula/interop/onnx_network.hpp"
#include "azula/interop/solver_names.hpp"
#include "catch.hpp"
#include "common/edm_steps.hpp"
#include "common/fashion_network.hpp"

namespace {

using azula::diffusers::Setup;
using Eigen::ArrayXXf;

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

Setup clothes() {
  return azula::diffusers::read_scheduler(data / "fashion_model", {.steps = 8});
}

/// What EDM's scheduler calls, around a network that is told all of log σ.
auto quartered(const auto& network) {
  return [&](const auto& input, double c, auto& output) { network(input, 4 * c, output); };
}

ArrayXXf drawn(const auto& positive, const auto& negative, const azula::AnyMethod& method,
               const std::vector<double>& times, std::uint64_t seed = 1) {
  const azula::GuidedDenoiser denoiser(positive, negative, 2.0, {.low = 0.1, .high = 20});
  const azula::Sampler sampler(denoiser, method, times, {.silent = true});
  ArrayXXf x(784, 10);
  azula::NormalSource random(seed);
  sampler.init(x, random);
  return sampler(std::move(x), random);
}

/// Ten images, one of each class, by the network in Eigen.
ArrayXXf drawn(const Setup& setup, std::uint64_t seed = 1) {
  static const examples::FashionNetwork any(data / "fashion.safetensors");
  static const examples::FashionNetwork each = any.conditioned(Eigen::ArrayXi::LinSpaced(10, 0, 9));
  return drawn(setup.denoiser(quartered(each)), setup.denoiser(quartered(any)), setup.method, setup.times,
               seed);
}

double distance(const ArrayXXf& x, const ArrayXXf& y) {
  return static_cast<double>(std::sqrt((x - y).square().mean()));
}

/// Calls the program and looks at what it leaves.
class Program {
 public:
  Program() { std::filesystem::create_directory(folder_); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() { std::filesystem::remove_all(folder_); }

  int status(const std::string& arguments) const {
    const std::string call = AZULA_EXAMPLES_PROGRAMS "/from_config " + arguments + " >" + output() + " 2>&1";
    const int status = std::system(call.c_str());
    return status > 255 ? status / 256 : status;
  }
  std::string said() const { return content(output()); }
  std::string picture(const std::string& arguments) const {
    const std::string path = (folder_ / "picture.png").string();
    REQUIRE(status("--steps 4 --count 2 --out " + path + ' ' + arguments) == 0);
    return content(path);
  }

 private:
  std::string output() const { return (folder_ / "output").string(); }
  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("azula_" + std::to_string(std::random_device{}()));
};

}  // namespace

TEST_CASE("the clothes' configuration is the set-up that one writes by hand", "[interop]") {
  const examples::FashionNetwork any(data / "fashion.safetensors");
  const examples::FashionNetwork each = any.conditioned(Eigen::ArrayXi::LinSpaced(10, 0, 9));
  const azula::EDMSchedule schedule{.sigma_min = 0.07, .sigma_max = 50};
  const std::vector<double> times =
      azula::with_clean_end(schedule, azula::log_snr_times(schedule, {.steps = 7}));
  const ArrayXXf by_hand = drawn(azula::KarrasDenoiser(each, schedule), azula::KarrasDenoiser(any, schedule),
                                 azula::AnyMethod("xEAB2", {{"lower_order_final", 1}, {"compat", 1}}), times);
  CAPTURE(distance(drawn(clothes()), by_hand));
  CHECK(distance(drawn(clothes()), by_hand) < 1e-5);
}

TEST_CASE("a configuration with an ONNX model draws what it draws with the network in Eigen", "[interop]") {
  const Setup setup = clothes();
  const azula::OnnxNetwork network(data / "fashion.onnx");
  const auto each = network.with("label", {10}, std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  const auto any = network.with("label", {1}, std::vector<std::int64_t>{10});
  const ArrayXXf images =
      drawn(setup.denoiser(quartered(each)), setup.denoiser(quartered(any)), setup.method, setup.times);
  CAPTURE((images - drawn(setup)).abs().maxCoeff());
  CHECK((images - drawn(setup)).abs().maxCoeff() < 5e-5F);
}

TEST_CASE("other methods and levels by name draw the same clothes", "[interop]") {
  const ArrayXXf images = drawn(clothes());
  CHECK(distance(drawn(clothes(), 2), images) > 0.3);  // as far apart as other clothes are
  for (const auto& [sampler, grid] : {std::pair("heun", "exponential"), std::pair("dpmpp_2m", "karras"),
                                      std::pair("uni_pc", "kl_optimal"), std::pair("dpm_2", "normal")}) {
    Setup setup = clothes();
    const examples::EDMSteps levels{std::get<azula::EDMSchedule>(setup.schedule().kind)};
    setup.method = azula::comfy_sampler(sampler);
    setup.times = azula::comfy_times(grid, levels, 8, {.sampler = sampler});
    CHECK(setup.times.size() == 9);
    CAPTURE(sampler, grid);
    CAPTURE(distance(drawn(setup), images));
    CHECK(distance(drawn(setup), images) > 0.01);
    CHECK(distance(drawn(setup), images) < 0.15);
  }
}

TEST_CASE("the training steps of EDM's levels are even in log sigma", "[interop]") {
  const examples::EDMSteps levels{{.sigma_min = 0.5, .sigma_max = 8}};
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    CHECK(std::fabs(levels(levels.time_of(999 * share)).sigma - 0.5 * std::pow(16, share)) < 1e-12);
  }
}

TEST_CASE("the program that reads a configuration draws the same again and refuses what it cannot do",
          "[interop]") {
  const Program program;
  const std::string once = program.picture("--seed 3");
  // In parentheses, since the bytes of a picture are no help on a terminal.
  CHECK((once == program.picture("--seed 3")));
  CHECK((once != program.picture("--seed 4")));
  CHECK((once != program.picture("--seed 3 --guidance 1")));
  CHECK((once != program.picture("--seed 3 --scheduler heun")));
  CHECK((once != program.picture("--seed 3 --grid karras")));
  CHECK(program.status("--scheduler wibble") == 2);
  CHECK(program.said().find("the name must be one of euler, ") != std::string::npos);
  CHECK(program.status("--grid wibble") == 2);
  CHECK(program.said().find("the name must be one of simple, ") != std::string::npos);
  CHECK(program.status("--config /nowhere") == 2);
  CHECK(program.said() == "from_config: azula::read_scheduler: the file must be readable, got /nowhere\n");
  CHECK(program.status("--config " AZULA_TEST_DATA "/../fuzz/read_scheduler/stable_diffusion.json") == 2);
  CHECK(program.said() == "from_config: the scheduler must be one of EDM's, as the model is, got PNDM\n");
  CHECK(program.status("--help") == 0);
}
