// Draws a sheet that compares methods at few evaluations, a row per method and a column per number of evaluations.
//
// Each block shows digits of one class, so that defects are easy to see. The number below a block is the distance of
// the method's samples to the images that the network was trained on.
//
// Deterministic methods take the same initial noise to the same digits. All their blocks therefore show the same
// samples: those that the exact flow leads to the class. A stochastic method ends elsewhere each time; its blocks show
// the first samples that look like the class.
//
//   sheet                                       threes, with the default methods
//   sheet --digit 8 --order 2 --grid karras

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/frechet.hpp"
#include "common/grid.hpp"
#include "common/image.hpp"
#include "common/options.hpp"
#include "common/progress.hpp"
#include "common/sheet.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace examples;

constexpr std::array<std::ptrdiff_t, 5> evaluations{6, 8, 16, 32, 64};
constexpr std::array methods{"Euler", "Heun", "zAB", "vAB",  "zEAB", "xEAB",
                             "REAB",  "UniPC", "Bounded xEAB2", "DDPM", "Ito", "PC"};

struct Job {
  std::string grid = "logsnr";
  std::string out = "sheet.png";
  int order = 3;
  Eigen::Index count = 4;
  Eigen::Index samples = 2000;
  int digit = 3;
  std::uint64_t seed = 1;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("sheet", "draws a sheet of digits: a row per method, a column per number of evaluations");
  options.text("--grid", "where the steps are: linear, karras or logsnr", job.grid);
  options.number("--order", "of the multistep methods, up to 8", 1, job.order);
  options.number("--count", "digits in a block", Eigen::Index{1}, job.count);
  options.number("--samples", "that are drawn for each block and its number", Eigen::Index{100}, job.samples);
  options.number("--digit", "class of the digits that are shown, up to 9", 0, job.digit);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.text("--out", "the picture, a PNG", job.out);
  if (!options.parse(argc, argv)) return false;
  if (job.digit > 9) throw std::invalid_argument("--digit must be at most 9, got " + std::to_string(job.digit));
  if (job.count > job.samples) throw std::invalid_argument("--count must be at most --samples, got " + std::to_string(job.count));
  return true;
}

/// "xEAB" becomes "xEAB3"; what has no order, or has it already, stays.
std::string with_order(const std::string& method, int order) {
  return method.ends_with("AB") || method == "UniPC" ? method + std::to_string(order) : method;
}

using Network = azula::KarrasDenoiser<DigitsNetwork, azula::VPSchedule>;

/// As many steps as `count` evaluations allow: some methods take several per step.
auto sampler_for(const Network& denoiser, const std::string& method, std::ptrdiff_t count, const std::string& grid) {
  const auto sampler = [&](std::ptrdiff_t steps) {
    return azula::Sampler(std::ref(denoiser), azula::AnyMethod(method), times_of(grid, denoiser.schedule(), steps),
                          {.silent = true});
  };
  const auto in_one = sampler(count).evaluations() / count;
  return sampler(count / in_one);
}

struct Drawn {
  Eigen::ArrayXXf samples;
  bool noisy;  // whether the method has drawn noise on the way
};

Drawn draw(const Network& denoiser, const std::string& method, std::ptrdiff_t count, const Job& job) {
  const auto sampler = sampler_for(denoiser, method, count, job.grid);
  azula::NormalSource random(job.seed);
  Eigen::ArrayXXf x(DigitsNetwork::pixels, job.samples);
  sampler.init(x, random);
  const auto& stages = sampler.stages();
  const bool noisy = std::any_of(stages.begin(), stages.end(), [](const azula::Stage& stage) { return stage.c != 0; });
  return {sampler(std::move(x), random), noisy};
}

/// The first of the samples whose nearest image is of the class; where these are too few, then the first of the others.
std::vector<Eigen::Index> of_class(const Eigen::ArrayXXf& samples, const DigitsData& data, const Job& job) {
  const Eigen::VectorXf squares = data.images.square().colwise().sum();
  const auto looks_like_it = [&](Eigen::Index i) {
    Eigen::Index nearest = 0;
    (squares - 2 * data.images.matrix().transpose() * samples.col(i).matrix()).minCoeff(&nearest);
    return data.labels(nearest) == job.digit;
  };
  std::vector<Eigen::Index> order(static_cast<std::size_t>(samples.cols()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_partition(order.begin(), order.end(), looks_like_it);
  order.resize(static_cast<std::size_t>(job.count));
  return order;
}

std::string rounded(double distance) {
  if (distance > 999) return ">999";
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), distance < 10 ? "%.2f" : "%.0f", distance);
  return text.data();
}

Sheet sheet_of(const Job& job) {
  SheetLayout layout{.head = "evaluations of the network",
                     .columns = {},
                     .foot = "below a block: Frechet distance of " + std::to_string(job.samples) + " samples to the data",
                     .rows = methods.size(),
                     .count = job.count,
                     .tiles = {.scale = 8, .margin = 4}};
  for (const std::ptrdiff_t count : evaluations) layout.columns.push_back(std::to_string(count));
  return Sheet(layout);
}

int draw(const Job& job) {
  Progress progress("sheet: digits by " + std::to_string(methods.size()) + " methods",
                    std::ssize(methods) * std::ssize(evaluations), "blocks");
  for (const char* method : methods) azula::AnyMethod{with_order(method, job.order)};  // refused before the work, not after
  const Network denoiser(DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"), azula::VPSchedule{});
  const DigitsData data(AZULA_EXAMPLES_DATA "/digits_data.safetensors");
  const Moments images = moments(data.images);
  const std::vector<Eigen::Index> flow = of_class(draw(denoiser, "xEAB3", 128, job).samples, data, job);
  Sheet sheet = sheet_of(job);
  for (std::size_t row = 0; row < methods.size(); ++row) {
    const std::string method = with_order(methods[row], job.order);
    sheet.name(row, method);
    for (std::size_t column = 0; column < evaluations.size(); ++column) {
      const auto [samples, noisy] = draw(denoiser, method, evaluations[column], job);
      const std::vector<Eigen::Index> shown = noisy ? of_class(samples, data, job) : flow;
      sheet.block(row, column, samples(Eigen::all, shown), rounded(frechet_distance(moments(samples), images)));
      progress.next();
    }
  }
  progress.clear();
  write_png(job.out, sheet.image());
  std::printf("%s: %zu methods, %td to %td evaluations of the network on a %s grid\n", job.out.c_str(), methods.size(),
              evaluations.front(), evaluations.back(), job.grid.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("sheet", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
