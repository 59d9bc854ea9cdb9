// What the methods do with few evaluations: a row per method, a column per number of evaluations of the network, and
// in every field the same digits, that is, the same initial noise.

#include "common/digits_network.hpp"
#include "common/font.hpp"
#include "common/grid.hpp"
#include "common/image.hpp"
#include "common/options.hpp"
#include "common/progress.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

namespace {

using namespace examples;

constexpr std::array<std::ptrdiff_t, 5> evaluations{5, 8, 16, 32, 64};
constexpr std::array methods{"DDPM", "DDIM", "Euler", "Heun", "Ito",   "zAB",
                             "vAB",  "zEAB", "xEAB",  "REAB", "UniPC", "PC"};
constexpr Eigen::Index letter = 2;  // pixels of the picture per pixel of a letter
constexpr Eigen::Index gap = 10;
constexpr Eigen::Index left = gap + 6 * 6 * letter + gap;  // beside the names
constexpr Eigen::Index top = 6 * gap;                      // below the headings

struct Job {
  std::string grid = "logsnr";
  std::string out = "sheet.png";
  int order = 3;
  Eigen::Index count = 4;
  std::uint64_t seed = 1;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("sheet", "draws a sheet of digits: a row per method, a column per number of evaluations");
  options.text("--grid", "where the steps are: linear, karras or logsnr", job.grid);
  options.number("--order", "of the multistep methods, up to 8", 1, job.order);
  options.number("--count", "digits in a field", Eigen::Index{1}, job.count);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

/// "xEAB" becomes "xEAB3"; what has no order stays.
std::string with_order(const std::string& method, int order) {
  return method.ends_with("AB") || method == "UniPC" ? method + std::to_string(order) : method;
}

/// As many steps as `count` evaluations allow: some methods take several per step.
template <class Denoiser>
auto sampler_for(const Denoiser& denoiser, const std::string& method, std::ptrdiff_t count, const std::string& grid) {
  const auto sampler = [&](std::ptrdiff_t steps) {
    return azula::Sampler(std::ref(denoiser), azula::AnyMethod(method), times_of(grid, denoiser.schedule(), steps),
                          {.silent = true});
  };
  const auto in_one = std::ssize(sampler(count).stages()) / count;
  return sampler(count / in_one);
}

template <class Denoiser>
Image field(const Denoiser& denoiser, const std::string& method, std::ptrdiff_t count, const Job& job) {
  const auto sampler = sampler_for(denoiser, method, count, job.grid);
  azula::NormalSource random(job.seed);
  Eigen::ArrayXXf x(DigitsNetwork::pixels, job.count);
  sampler.init(x, random);
  return montage(sampler(std::move(x), random), {.columns = job.count, .scale = 5, .margin = 2});
}

void draw_headings(Image& sheet, Eigen::Index pitch) {
  draw_text(sheet, gap, left, "evaluations", letter);
  for (std::size_t i = 0; i < evaluations.size(); ++i) {
    draw_text(sheet, 3 * gap + gap / 2, left + static_cast<Eigen::Index>(i) * pitch, std::to_string(evaluations[i]),
              letter);
  }
}

int draw(const Job& job) {
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"), schedule);
  Progress progress("sheet: digits by " + std::to_string(methods.size()) + " methods",
                    std::ssize(methods) * std::ssize(evaluations), "fields");
  Image sheet;
  for (std::size_t row = 0; row < methods.size(); ++row) {
    const std::string method = with_order(methods[row], job.order);
    for (std::size_t column = 0; column < evaluations.size(); ++column) {
      const Image digits = field(denoiser, method, evaluations[column], job);
      const Eigen::Index pitch = digits.cols() + gap;
      const Eigen::Index below = digits.rows() + gap / 2;
      if (sheet.size() == 0) {
        sheet.setConstant(top + below * static_cast<Eigen::Index>(methods.size()) + gap / 2,
                          left + pitch * static_cast<Eigen::Index>(evaluations.size()), 30);
        draw_headings(sheet, pitch);
      }
      const Eigen::Index y = top + static_cast<Eigen::Index>(row) * below;
      sheet.block(y, left + static_cast<Eigen::Index>(column) * pitch, digits.rows(), digits.cols()) = digits;
      progress.next();
      if (column == 0) draw_text(sheet, y + (digits.rows() - 7 * letter) / 2, gap, method, letter);
    }
  }
  progress.clear();
  write_png(job.out, sheet);
  std::printf("%s: %zu methods, %td to %td evaluations of the network on a %s grid\n", job.out.c_str(), methods.size(),
              evaluations.front(), evaluations.back(), job.grid.c_str());
  std::printf("Heun and PC evaluate twice per step, so they make do with 4 where there are 5.\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("sheet", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
