// Draws clothes of ten classes with classifier-free guidance and writes them to a picture, a column for each class.
//
// The network is the convolutional one in data/.
//
//   fashion                                         a hundred images, twelve steps
//   fashion --guidance 1 --method DDIM --steps 50   without guidance
//   fashion --label 8 --count 25                    bags only
//   fashion --first 37 --count 1                    only number 37 of the first sheet, with the same bits

#include "common/fashion_network.hpp"
#include "common/fashion_times.hpp"
#include "common/image.hpp"
#include "common/options.hpp"
#include "common/progress.hpp"

#include <azula/azula.hpp>
#include <azula/guide.hpp>
#include <azula/method/any_method.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace {

using namespace examples;

struct Job {
  std::string method = "BoundedxEAB2";
  std::string out = "fashion.png";
  std::ptrdiff_t steps = 12;
  Eigen::Index count = 100;
  std::uint64_t seed = 1;
  std::int64_t first = 0;
  double guidance = 2;
  int label = -1;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("fashion", "draws clothes, a column for each of ten classes");
  options.text("--method",
               "DDPM, DDIM, Heun, zAB3, xEAB2, UniPC3, ...; an unknown name prints the list",
               job.method);
  options.number("--steps", "steps of the method", std::ptrdiff_t{2}, job.steps);
  options.number("--guidance", "weight of the class; 1 is no guidance", 0.0, job.guidance);
  options.number("--label", "one class, 0 to 9, or 10 for any; -1 for all ten in turn", -1, job.label);
  options.number("--count", "how many images", Eigen::Index{1}, job.count);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.number("--first", "number of the first image", std::int64_t{0}, job.first);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

/// In turn, so that they follow from the number of an image alone.
Eigen::ArrayXi labels_of(const Job& job) {
  if (job.label >= 0) return Eigen::ArrayXi::Constant(job.count, job.label);
  Eigen::ArrayXi labels(job.count);
  for (Eigen::Index i = 0; i < job.count; ++i) {
    labels(i) = static_cast<int>((job.first + i) % FashionNetwork::classes);
  }
  return labels;
}

/// Counts calls of a network.
struct Counted {
  void operator()(const auto& input, double c, auto& output) const {
    ++*calls;
    network(input, c, output);
  }

  FashionNetwork network;
  int* calls;
};

void print(const Job& job, const Eigen::ArrayXd& t, int calls, double seconds) {
  std::printf("images   %td, numbers %lld to %lld of seed %llu\n", job.count,
              static_cast<long long>(job.first), static_cast<long long>(job.first + job.count - 1),
              static_cast<unsigned long long>(job.seed));
  std::printf("method   %s, %td steps from t = %g to %g, guidance %g, %d evaluations of the network\n",
              job.method.c_str(), job.steps, t(0), t(t.size() - 1), job.guidance, calls);
  std::printf("time     %.2f s, %.1f milliseconds an image\n", seconds,
              1e3 * seconds / static_cast<double>(job.count));
}

int draw(const Job& job) {
  Progress progress("fashion: " + std::to_string(job.count) + " images by " + job.method, job.steps, "steps");
  const azula::VPSchedule schedule;
  const FashionNetwork network(AZULA_EXAMPLES_DATA "/fashion.safetensors");
  int calls = 0;
  const azula::KarrasDenoiser positive(Counted{network.conditioned(labels_of(job)), &calls}, schedule);
  const azula::KarrasDenoiser negative(Counted{network, &calls}, schedule);
  // Where there is hardly anything but noise, or hardly any noise, guidance costs much and changes little.
  const azula::GuidedDenoiser denoiser(positive, negative, job.guidance, {.low = 0.1, .high = 20});
  azula::AnyMethod method(job.method);
  if (method.has("lower_order_final")) method = azula::AnyMethod(job.method, {{"lower_order_final", 1}});
  const azula::Sampler sampler(denoiser, method, fashion_times(schedule, job.steps), {.silent = true});

  const auto begin = std::chrono::steady_clock::now();
  azula::NormalSource random(job.seed, job.first);
  Eigen::ArrayXXf x(FashionNetwork::pixels, job.count);  // one image per column
  sampler.init(x, random);
  const Eigen::ArrayXXf images = sampler(
      std::move(x), random, [&](const azula::StepInfo& step, const auto&) { progress.reached(step.index + 1); });
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  progress.clear();

  const double square = std::ceil(std::sqrt(static_cast<double>(job.count)));
  const Eigen::Index columns = job.label < 0 ? FashionNetwork::classes : static_cast<Eigen::Index>(square);
  const Image image = montage(
      images,
      {.columns = std::min(columns, job.count), .scale = 3, .margin = 4, .background = 0, .side = 28});
  write_png(job.out, image);

  print(job, sampler.timesteps(), calls, time.count());
  std::printf("picture  %s, %td x %td pixels\n", job.out.c_str(), image.cols(), image.rows());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("fashion", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
