#include "catch.hpp"

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/ddpm.hpp"
#include "azula/method/ito.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"

#include <Eigen/Core>

#include <cmath>
#include <vector>

namespace {

/// Root mean square distance of the samples of runs with `steps` and with 16 times as many steps, for
/// 8, 16, 32 and 64 steps from the same initial state.
template <class M, class Source>
std::vector<double> distances(const M& method, const Source& source) {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  std::vector<double> result;
  for (const std::ptrdiff_t steps : {8, 16, 32, 64}) {
    const auto sampler = [&](std::ptrdiff_t n) {
      return azula::Sampler(denoiser, method, {.start = 0.9, .stop = 0.1, .steps = n, .silent = true});
    };
    Source random = source, same = source;
    Eigen::ArrayXXd x(16, 16);
    sampler(steps).init(x, random, 2.0, 0.25);
    sampler(steps).init(x, same, 2.0, 0.25);
    const Eigen::ArrayXXd coarse = sampler(steps)(x, random), fine = sampler(16 * steps)(x, same);
    result.push_back(std::sqrt((coarse - fine).square().mean()));
  }
  return result;
}

/// The power of the number of steps with which distances fall, over three doublings.
double order(const std::vector<double>& distances) { return std::log2(distances.front() / distances.back()) / 3; }

}  // namespace

TEST_CASE("on a Brownian path, samples converge to one sample with the steps", "[brownian]") {
  const azula::VPSchedule schedule;
  // Additive noise: first order, reached from below.
  CHECK(order(distances(azula::DDPM{}, azula::BrownianSource(1, azula::time_clock()))) > 0.8);
  CHECK(order(distances(azula::Ito{}, azula::BrownianSource(1, azula::log_rho_clock(schedule)))) > 0.8);
}

TEST_CASE("with independent draws they do not", "[brownian]") {
  const std::vector<double> apart = distances(azula::DDPM{}, azula::NormalSource(1));
  CHECK(std::fabs(order(apart)) < 0.1);
  CHECK(apart.back() > 0.4);  // two independent samples of deviation 1/2 are 0.71 apart
}
