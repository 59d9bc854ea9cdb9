// Draws handwritten digits with the network in data/ and writes them to a picture.
//
//   digits                                        a hundred digits, ten evaluations of the network
//   digits --method DDIM --steps 50 --grid linear
//   digits --first 37 --count 1                   only number 37 of that sheet, with the same bits

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "common/frechet.hpp"
#include "common/grid.hpp"
#include "common/image.hpp"
#include "common/options.hpp"

#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

namespace {

using namespace examples;

struct Job {
  std::string method = "BoundedxEAB2";
  std::string grid = "logsnr";
  std::string out = "digits.png";
  std::ptrdiff_t steps = 10;
  Eigen::Index count = 100;
  std::uint64_t seed = 1;
  std::int64_t first = 0;
  bool lower_order_final = false;
};

bool read(Job& job, int argc, const char* const* argv) {
  Options options("digits", "draws handwritten digits");
  options.text("--method", "DDPM, DDIM, Heun, zAB3, vAB3, zEAB3, UniPC3, ...; an unknown name prints the list",
               job.method);
  options.number("--steps", "steps of the method", std::ptrdiff_t{1}, job.steps);
  options.text("--grid", "where the steps are: linear, karras or logsnr", job.grid);
  options.flag("--lower-order-final", "lower the order to the number of steps left", job.lower_order_final);
  options.number("--count", "how many digits", Eigen::Index{1}, job.count);
  options.number("--seed", "of all noise", std::uint64_t{0}, job.seed);
  options.number("--first", "number of the first digit", std::int64_t{0}, job.first);
  options.text("--out", "the picture, a PNG", job.out);
  return options.parse(argc, argv);
}

/// Against all images. Few samples have too little spread to say anything about the method.
void print_quality(const Eigen::ArrayXXf& digits) {
  if (digits.cols() < 1000) return;
  const DigitsData data(AZULA_EXAMPLES_DATA "/digits_data.safetensors");
  std::printf("quality  Fréchet distance %.3f to the 1,797 images it learned from, in pixel space\n",
              frechet_distance(moments(digits), moments(data.images)));
}

int draw(const Job& job) {
  const azula::VPSchedule schedule;
  const azula::KarrasDenoiser denoiser(DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"), schedule);
  azula::MethodOptions options;
  if (job.lower_order_final) options["lower_order_final"] = 1;
  const azula::Sampler sampler(std::ref(denoiser), azula::AnyMethod(job.method, options),
                               times_of(job.grid, schedule, job.steps));

  const auto begin = std::chrono::steady_clock::now();
  azula::NormalSource random(job.seed, job.first);
  Eigen::ArrayXXf x(DigitsNetwork::pixels, job.count);  // one digit per column
  sampler.init(x, random);
  const Eigen::ArrayXXf digits = sampler(std::move(x), random);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;

  const auto columns = static_cast<Eigen::Index>(std::ceil(std::sqrt(static_cast<double>(job.count))));
  const Image image = montage(digits, {.columns = columns});
  write_png(job.out, image);

  const Eigen::ArrayXd t = sampler.timesteps();
  std::printf("digits   %td, numbers %lld to %lld of seed %llu\n", job.count, static_cast<long long>(job.first),
              static_cast<long long>(job.first + job.count - 1), static_cast<unsigned long long>(job.seed));
  std::printf("method   %s, %td steps from t = %g to %g (%s), %zu evaluations of the network\n", job.method.c_str(),
              sampler.steps(), t(0), t(sampler.steps()), job.grid.c_str(), static_cast<std::size_t>(sampler.evaluations()));
  std::printf("time     %.3f s, %.1f microseconds a digit\n", time.count(),
              1e6 * time.count() / static_cast<double>(job.count));
  print_quality(digits);
  std::printf("picture  %s, %td x %td pixels\n", job.out.c_str(), image.cols(), image.rows());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("digits", [&] {
    Job job;
    return read(job, argc, argv) ? draw(job) : 0;
  });
}
