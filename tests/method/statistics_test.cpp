/// \file
/// The stochastic methods on Gaussian data: the distribution they draw from.

#include <array>
#include <cmath>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time/log_snr_times.hpp"
#include "catch.hpp"

namespace {

using Eigen::ArrayXXd;

const azula::VPSchedule schedule{.alpha_min = 1e-2, .sigma_min = 1e-2};
constexpr double data_mean = 0.7, data_variance = 0.25;
constexpr double start = 0.7, stop = 0.2;  // from α/σ = 0.1 to 1.5: most of the way, and 250 steps resolve it
constexpr Eigen::Index count = 100000;

struct Moments {
  double mean, variance;
};

/// Of x_t, for data N(data_mean, data_variance).
Moments exact(double t) {
  const auto [a, s] = schedule(t);
  return {a * data_mean, a * a * data_variance + s * s};
}

auto sampler(const auto& method, int steps) {
  return azula::Sampler(azula::GaussianDenoiser(data_mean, data_variance, schedule), method,
                        azula::log_snr_times(schedule, {.start = start, .stop = stop, .steps = steps}));
}

/// What infinitely many samples would have at the end: every stage is linear and the denoiser is too.
Moments limit(const std::vector<azula::Stage>& stages) {
  Moments x = exact(start);
  for (const azula::Stage& stage : stages) {
    const auto [a, s] = schedule(stage.time);
    const double total = a * a * data_variance + s * s;
    const double gain = stage.a + stage.b * a * data_variance / total;
    x.mean = gain * x.mean + stage.b * s * s / total * data_mean;
    x.variance = gain * gain * x.variance + stage.c * stage.c;
  }
  return x;
}

double bias(const auto& method, int steps) {
  const Moments drawn = limit(sampler(method, steps).stages()), wanted = exact(stop);
  return std::fmax(std::fabs(drawn.mean - wanted.mean), std::fabs(drawn.variance - wanted.variance));
}

/// Within 4 standard errors of the exact moments, over 10^5 samples.
void require_moments(const auto& method, int steps, std::uint64_t seed) {
  const auto drawing = sampler(method, steps);
  azula::NormalSource random(seed);
  ArrayXXd x(1, count);
  drawing.init(x, random, data_mean, data_variance);
  x = drawing(x, random);
  const Moments wanted = exact(stop);
  const double n = static_cast<double>(count), mean = x.mean();
  const double variance = (x - mean).square().sum() / (n - 1);
  CAPTURE(drawing.method().name(), mean, variance);
  CHECK(std::fabs(mean - wanted.mean) < 4 * std::sqrt(wanted.variance / n));
  CHECK(std::fabs(variance - wanted.variance) < 4 * wanted.variance * std::sqrt(2 / n));
}

}  // namespace

TEST_CASE("the stochastic methods converge to the distribution of the data, with order one", "[statistics]") {
  const auto require_first_order = [](const auto& method) {
    const double order = std::log2(bias(method, 1000) / bias(method, 2000));
    CAPTURE(method.name(), bias(method, 2000), order);
    CHECK(order > 0.9);
    CHECK(bias(method, 2000) < 2e-3);
  };
  require_first_order(azula::DDPM{});
  require_first_order(azula::DDIM{.eta = 1});
  require_first_order(azula::DDIM{.eta = 0.5});
  require_first_order(azula::Ito{});
  require_first_order(azula::Ito{.eta = 0.5});
}

TEST_CASE("the bias of PC falls with delta, not with the steps", "[statistics]") {
  const azula::PC coarse{.corrections = 1, .delta = 0.1}, fine{.corrections = 1, .delta = 0.01};
  CHECK(bias(coarse, 4000) > 0.9 * bias(coarse, 2000));
  CHECK(bias(fine, 4000) < 0.2 * bias(coarse, 4000));
  CHECK(bias(azula::PC{.corrections = 1, .delta = 1e-4}, 4000) < 1e-3);
}

TEST_CASE("10^5 samples have the mean and the variance of the data", "[statistics][long]") {
  require_moments(azula::DDPM{}, 250, 1);
  require_moments(azula::DDIM{.eta = 1}, 250, 2);
  require_moments(azula::Ito{}, 250, 4);
  require_moments(azula::PC{.corrections = 1, .delta = 1e-3}, 250, 5);
}
