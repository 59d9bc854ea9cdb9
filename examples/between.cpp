// Draws a strip of images that lead from one digit to another, by inversion and interpolation.
//
// Both digits are inverted: each is followed from the data up to the noise that leads to it. The two noises are
// interpolated on the sphere, and the samplers draw an image from each noise in between. The two digits are at the ends
// of the strip.
//
//   between                         two digits of the data
//   between --from 3 --to 8         the digits number 3 and 8 of the data
//   between --steps 100 --pictures 12 --out strip.png

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

/// The point at `share` of the great circle from a to b. Noise of many values has nearly one length: the straight line
/// between two of them leads through shorter ones, which are no noise.
Eigen::ArrayXf on_sphere(const Eigen::ArrayXf& a, const Eigen::ArrayXf& b, float share) {
  const float cosine = (a * b).sum() / (a.matrix().norm() * b.matrix().norm());
  const float angle = std::acos(std::fmax(-1.0F, std::fmin(1.0F, cosine)));
  if (angle < 1e-4F) return a + share * (b - a);
  return (std::sin((1 - share) * angle) * a + std::sin(share * angle) * b) / std::sin(angle);
}

int run(int argc, const char* const* argv) {
  std::string out = "between.png";
  std::ptrdiff_t from = 3, to = 8, steps = 64, pictures = 12;
  examples::Options options("between", "draws the way from one digit to another");
  options.text("--out", "PNG file that is written", out);
  options.number<std::ptrdiff_t>("--from", "number of the first digit in the data", 0, from);
  options.number<std::ptrdiff_t>("--to", "number of the last digit", 0, to);
  options.number<std::ptrdiff_t>("--steps", "each way", 1, steps);
  options.number<std::ptrdiff_t>("--pictures", "in the strip, the ends included", 2, pictures);
  if (!options.parse(argc, argv)) return 0;

  const std::filesystem::path data = AZULA_EXAMPLES_DATA;
  const examples::DigitsNetwork network(data / "digits.safetensors");
  const Eigen::ArrayXXf digits = examples::DigitsData(data / "digits_data.safetensors").images;
  if (from >= digits.cols() || to >= digits.cols()) {
    throw std::invalid_argument("--from and --to must be less than " + std::to_string(digits.cols()));
  }

  const azula::VPSchedule schedule;
  const azula::NetworkDenoiser denoiser(std::cref(network), schedule, azula::EDMPrediction{.sigma_data = 1},
                                        azula::LogRatioTime{.scale = 1});
  const azula::Sampler up(denoiser, azula::DPMSolver2S{}, azula::log_snr_times(schedule, {0.01, 1, steps}));
  const azula::Sampler down(denoiser, azula::DPMSolver2S{}, azula::log_snr_times(schedule, {1, 0.01, steps}));

  Eigen::ArrayXXf ends(examples::DigitsNetwork::pixels, 2);
  ends << digits.col(from), digits.col(to);
  const Eigen::ArrayXXf noise = up(ends);
  Eigen::ArrayXXf strip(ends.rows(), pictures);
  for (Eigen::Index i = 0; i < pictures; ++i) {
    strip.col(i) = on_sphere(noise.col(0), noise.col(1), static_cast<float>(i) / static_cast<float>(pictures - 1));
  }
  const Eigen::ArrayXXf drawn = down(strip);

  std::cout << "The ends come back within " << (drawn.col(0) - ends.col(0)).abs().maxCoeff() << " and "
            << (drawn.col(pictures - 1) - ends.col(1)).abs().maxCoeff() << " of 2\n";
  examples::write_png(out, examples::montage(drawn, {.columns = pictures}));
  std::cout << out << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("between", [&] { return run(argc, argv); });
}
