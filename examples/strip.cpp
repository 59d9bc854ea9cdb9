// Draws the way of one digit from noise to image, as a strip.
//
// The upper row shows the states x_t. The lower row shows the denoised means E[X | x_t] at the same times: what the
// network expects the image to be.
//
//   strip                                   eight steps
//   strip --method DDPM --steps 16 --first 1

#include "common/digits_network.hpp"
#include "common/font.hpp"
#include "common/grid.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

namespace {

using namespace examples;

// In pixels. Pages show the picture at half its size.
constexpr Eigen::Index letter = 4;  // per pixel of a letter
constexpr Eigen::Index gap = 16;
constexpr Eigen::Index left = gap + 6 * 6 * letter;  // beside the names
constexpr Eigen::Index top = 7 * letter + 2 * gap;   // below the times
constexpr Montage tile{.columns = 1, .scale = 18, .margin = 0};
constexpr Eigen::Index side = tile.side * tile.scale;

struct Job {
  std::string method = "BoundedxEAB2";
  std::string grid = "linear";
  std::string out = "strip.png";
  std::ptrdiff_t steps = 8;
  std::uint64_t seed = 1;
  std::int64_t first = 3;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("strip", "draws the way of a digit from noise to image");
  options.text("--method", "DDPM, DDIM, zAB3, UniPC3, ...; an unknown name prints the list", job.method);
  options.text("--grid", "where the steps are: linear, karras or logsnr", job.grid);
  options.number("--steps", "of the method", std::ptrdiff_t{1}, job.steps);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.number("--first", "number of the digit", std::int64_t{0}, job.first);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

Image strip_of(std::ptrdiff_t steps) {
  Image strip = Image::Constant(top + 2 * (side + gap), left + (steps + 1) * (side + gap), 30);
  draw_text(strip, gap, gap, "time", letter);
  draw_text(strip, top + (side - 7 * letter) / 2, gap, "state", letter);
  draw_text(strip, top + side + gap + (side - 7 * letter) / 2, gap, "mean", letter);
  return strip;
}

void draw_frame(Image& strip, std::ptrdiff_t row, std::ptrdiff_t column, const Eigen::ArrayXXf& digit) {
  strip.block(top + row * (side + gap), left + column * (side + gap), side, side) = montage(digit, tile);
}

void draw_time(Image& strip, std::ptrdiff_t column, double t) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", t);
  draw_centred(strip, gap, left + column * (side + gap) + side / 2, text.data(), letter);
}

int draw(const Job& job) {
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"), schedule);
  const azula::Sampler sampler(std::ref(denoiser), azula::AnyMethod(job.method), times_of(job.grid, schedule, job.steps));
  azula::NormalSource random(job.seed, job.first);
  Eigen::ArrayXXf x(DigitsNetwork::pixels, 1);
  sampler.init(x, random);

  const Eigen::ArrayXd times = sampler.timesteps();
  Image strip = strip_of(job.steps);
  draw_time(strip, 0, times(0));
  draw_frame(strip, 0, 0, x);
  // A method of several evaluations per step shows the mean of the last.
  sampler(x, random, [&](const azula::StepInfo& step, const Eigen::ArrayXXf& x_s, const Eigen::ArrayXXf& mean) {
    draw_frame(strip, 1, step.index, mean);
    draw_frame(strip, 0, step.index + 1, x_s);
    draw_time(strip, step.index + 1, times(step.index + 1));
  });
  write_png(job.out, strip);
  std::printf("%s: %td steps of %s from t = %g to %g\n", job.out.c_str(), sampler.steps(), job.method.c_str(), times(0),
              times(sampler.steps()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("strip", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
