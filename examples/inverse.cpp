// Restores digits from incomplete measurements, by posterior sampling.
//
// A posterior sampler is given half of an image, or its averages over two by two pixels, and draws images that agree
// with them. The picture shows the true images, the measurements and the samples.
//
//   inverse                         by MMPS
//   inverse --method dps            by another posterior sampler: mmps, pigdm or dps
//   inverse --steps 200 --seed 2 --out mine.png

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/image.hpp"
#include "common/options.hpp"
#include "common/progress.hpp"

#include <azula/azula.hpp>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr Eigen::Index side = 8;
constexpr float noise = 0.02F;  // standard deviation of the measurement's noise, of pixels from -1 to 1

/// The pixels of the upper half.
azula::SelectionOperator upper_half() {
  std::vector<std::ptrdiff_t> indices(static_cast<std::size_t>(side * side / 2));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::ptrdiff_t>(i);
  return azula::SelectionOperator(indices);
}

/// The averages of two by two pixels.
azula::MatrixOperator<float> averages() {
  Eigen::MatrixXf matrix = Eigen::MatrixXf::Zero(side * side / 4, side * side);
  for (Eigen::Index row = 0; row < side; ++row) {
    for (Eigen::Index column = 0; column < side; ++column) {
      matrix(row / 2 * (side / 2) + column / 2, row * side + column) = 0.25F;
    }
  }
  return azula::MatrixOperator<float>(matrix);
}

struct Settings {
  std::string out = "inverse.png";
  std::string method = "mmps";
  std::ptrdiff_t steps = 64;
  int iterations = 3;
  std::uint64_t seed = 1;
};

/// Samples that agree with y = A truth + noise, one per column of y.
template <class D, class A>
Eigen::ArrayXXf sample(const D& denoiser, const A& linear, const Eigen::ArrayXXf& y, const Settings& settings,
                       examples::Progress& progress) {
  azula::NormalSource random(settings.seed);
  Eigen::ArrayXXf x(side * side, y.cols());
  const auto draw = [&](const auto& posterior) {
    const azula::Sampler sampler(std::cref(posterior), azula::DDPM{},
                                 {.steps = settings.steps, .silent = true});
    sampler.init(x, random);
    return sampler(x, random, [&](const azula::StepInfo&, const auto&) { progress.next(); });
  };
  if (settings.method == "dps") {
    const azula::Sampler plain(std::cref(denoiser), azula::DDPM{}, {.steps = settings.steps});
    return draw(azula::DPSDenoiser(std::cref(denoiser), linear, y, plain.stages(), 0.5));
  }
  if (settings.method == "pigdm")
    return draw(azula::PiGDMDenoiser(std::cref(denoiser), linear, y, {.noise = noise}));
  return draw(azula::MMPSDenoiser(std::cref(denoiser), linear, y,
                                  {.noise = noise, .iterations = settings.iterations}));
}

/// The root mean square distance of the samples from what was measured.
template <class A>
float misfit(const A& linear, const Eigen::ArrayXXf& x, const Eigen::ArrayXXf& y) {
  Eigen::ArrayXXf measured(y.rows(), y.cols());
  linear.apply(x, measured);
  return std::sqrt((measured - y).square().mean());
}

int run(int argc, const char* const* argv) {
  Settings settings;
  std::filesystem::path data = AZULA_EXAMPLES_DATA;
  examples::Options options("inverse", "fills in and enlarges digits by posterior sampling");
  options.text("--out", "PNG file that is written", settings.out);
  options.text("--method", "mmps, pigdm or dps", settings.method);
  options.number<std::ptrdiff_t>("--steps", "steps of DDPM", 1, settings.steps);
  options.number("--iterations", "of the solver of mmps", 1, settings.iterations);
  options.number<std::uint64_t>("--seed", "of the noise", 0, settings.seed);
  if (!options.parse(argc, argv)) return 0;
  if (settings.method != "mmps" && settings.method != "pigdm" && settings.method != "dps") {
    throw std::invalid_argument("--method must be mmps, pigdm or dps, got \"" + settings.method + '"');
  }

  examples::Progress progress("inverse: digits by " + settings.method, 2 * settings.steps, "steps");
  const examples::DigitsNetwork network(data / "digits.safetensors");
  const azula::NetworkDenoiser denoiser(std::cref(network), azula::VPSchedule{},
                                        azula::EDMPrediction{.sigma_data = 1},
                                        azula::LogRatioTime{.scale = 1});
  constexpr Eigen::Index digits = 10, draws = 3;
  const Eigen::ArrayXXf truth =
      examples::DigitsData(data / "digits_data.safetensors").images.leftCols(digits);

  Eigen::ArrayXXf picture(side * side, digits * 2 * (1 + draws) + digits);
  Eigen::Index next = 0;
  const auto add = [&](const Eigen::ArrayXXf& row) {
    picture.middleCols(next, row.cols()) = row;
    next += row.cols();
  };
  const auto solve = [&](const char* name, const auto& linear, float measured_share) {
    azula::NormalSource random(settings.seed + 1);
    Eigen::ArrayXXf y(linear.rows(), digits), error = y;
    linear.apply(truth, y);
    random.fill(Eigen::Map<Eigen::ArrayXf>(error.data(), error.size()));
    y += noise * error;
    Eigen::ArrayXXf shown(side * side, digits);
    linear.adjoint(y, shown);
    add(shown / measured_share);
    const Eigen::ArrayXXf x = sample(denoiser, linear, y.replicate(1, draws), settings, progress);
    add(x);
    progress.clear();
    std::cout << name << ": misfit " << misfit(linear, x, y.replicate(1, draws))
              << ", distance from the truth " << std::sqrt((x - truth.replicate(1, draws)).square().mean())
              << '\n';
  };
  add(truth);
  solve("upper half", upper_half(), 1.0F);
  solve("2 x 2 averages", averages(), 0.25F);
  examples::write_png(settings.out, examples::montage(picture, {.columns = digits}));
  std::cout << settings.out << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("inverse", [&] { return run(argc, argv); });
}
