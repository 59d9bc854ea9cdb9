#include "azula/noise/discrete_schedule.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/ddpm.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time/training_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::DiscreteSchedule;
using azula::Interpolation;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

double rho(const azula::Scales& scales) {
  return scales.sigma / scales.alpha;
}

}  // namespace

TEST_CASE("a discrete schedule is exact at every training step", "[noise]") {
  for (const int count : {2, 3, 49, 98, 103, 1000, 1100}) {
    CAPTURE(count);
    const auto betas = azula::linear_betas({.steps = count});
    const DiscreteSchedule schedule(betas);
    REQUIRE(schedule.steps() == count);
    long double product = 1;
    for (int k = 0; k < count; ++k) {
      CAPTURE(k);
      product *= 1 - static_cast<long double>(betas[static_cast<std::size_t>(k)]);
      const double t = schedule.time_of(k);
      REQUIRE(schedule.training_time(t) == k);
      REQUIRE(schedule(t).alpha == Approx(static_cast<double>(std::sqrt(product))).epsilon(1e-14));
      REQUIRE(schedule(t).sigma == Approx(static_cast<double>(std::sqrt(1 - product))).epsilon(1e-13));
    }
    REQUIRE(schedule.time_of(count - 1) == 1);
  }
}

TEST_CASE("the noise levels of Stable Diffusion are the published ones", "[noise]") {
  const DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  REQUIRE(rho(schedule(1)) == Approx(14.6146).epsilon(1e-5));
  REQUIRE(rho(schedule(schedule.time_of(0))) == Approx(0.0292).epsilon(2e-3));
}

TEST_CASE("the ancestral variances of linear betas are those published with DDIM implementations",
          "[noise]") {
  const DiscreteSchedule schedule(azula::linear_betas());
  const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);
  const auto variance = [&](int t, int s) {
    const auto stages =
        azula::Sampler(denoiser, azula::DDPM{}, std::vector{schedule.time_of(t), schedule.time_of(s)})
            .stages();
    return stages.front().c * stages.front().c;
  };
  REQUIRE(variance(420, 400) == Approx(0.14771).margin(1e-5));
  REQUIRE(variance(980, 960) == Approx(0.32460).margin(1e-5));
  REQUIRE(variance(487, 486) == Approx(0.00979).margin(1e-5));
  REQUIRE(variance(999, 998) == Approx(0.02).margin(1e-5));
}

TEST_CASE("between training steps sigma over alpha, or its logarithm, is linear in the step", "[noise]") {
  const auto betas = azula::linear_betas();
  const DiscreteSchedule linear(betas), log(betas, Interpolation::log);
  for (const double step : {0.25, 10.5, 500.125, 998.75}) {
    CAPTURE(step);
    const double share = step - std::floor(step);
    const double below = rho(linear(linear.time_of(std::floor(step)))),
                 above = rho(linear(linear.time_of(std::ceil(step))));
    const double t = linear.time_of(step);
    REQUIRE(linear.training_time(t) == Approx(step).epsilon(1e-12));
    REQUIRE(rho(linear(t)) == Approx((1 - share) * below + share * above).epsilon(1e-12));
    REQUIRE(std::log(rho(log(t))) ==
            Approx((1 - share) * std::log(below) + share * std::log(above)).epsilon(1e-12));
    for (const auto& scales : {linear(t), log(t)})
      REQUIRE(std::hypot(scales.alpha, scales.sigma) == Approx(1).epsilon(1e-15));
  }
}

TEST_CASE("below training step 0 a discrete schedule falls to the data and the network's time stays",
          "[noise]") {
  for (const auto interpolation : {Interpolation::linear, Interpolation::log}) {
    const DiscreteSchedule schedule(azula::linear_betas(), interpolation);
    REQUIRE(schedule(0).alpha == 1);
    REQUIRE(schedule(0).sigma == 0);
    REQUIRE(schedule.time_of(-1) == 0);
    REQUIRE(rho(schedule(schedule.time_of(-0.75))) ==
            Approx(rho(schedule(schedule.time_of(0))) / 4).epsilon(1e-12));
    REQUIRE(schedule.training_time(0) == 0);
    REQUIRE(schedule.training_time(0.0005) == 0);
  }
}

TEST_CASE("a discrete schedule may end without signal, and falls there", "[noise]") {
  const DiscreteSchedule schedule(azula::rescale_zero_terminal_snr(azula::linear_betas()));
  REQUIRE(schedule(1).alpha == 0);
  REQUIRE(schedule(1).sigma == 1);
  double last = rho(schedule(schedule.time_of(998)));
  for (const double step : {998.25, 998.5, 998.999}) {
    const double ratio = rho(schedule(schedule.time_of(step)));
    REQUIRE(std::isfinite(ratio));
    REQUIRE(ratio > last);
    last = ratio;
  }
}

TEST_CASE("the signal-to-noise ratio of a discrete schedule falls everywhere and can be inverted",
          "[noise]") {
  for (const auto interpolation : {Interpolation::linear, Interpolation::log}) {
    const DiscreteSchedule schedule(azula::squared_cosine_betas(50), interpolation);
    double last = 0;
    for (int i = 1; i <= 5000; ++i) {
      const double t = i / 5000.0, ratio = rho(schedule(t));
      REQUIRE(ratio > last);
      last = ratio;
      if (i % 100 == 37)
        REQUIRE(azula::time_of_log_snr(schedule, -std::log(ratio)) == Approx(t).epsilon(1e-12));
    }
  }
}

TEST_CASE("a discrete schedule can be made from the cumulative products", "[noise]") {
  const auto betas = azula::linear_betas({.steps = 20});
  std::vector<double> products;
  double product = 1;
  for (const double beta : betas) products.push_back(product *= 1 - beta);
  const DiscreteSchedule direct(betas), from = DiscreteSchedule::from_alpha_bars(products);
  for (int i = 0; i <= 100; ++i)
    REQUIRE(from(i / 100.0).sigma == Approx(direct(i / 100.0).sigma).epsilon(1e-12));
}

TEST_CASE("wrong betas and times are errors that name them", "[noise]") {
  const std::vector<double> negative{0.1, -0.1}, none, rising{0.5, 0.6}, one{1.0};
  REQUIRE_THAT(complaint([&] { DiscreteSchedule{negative}; }),
               ContainsSubstring("azula::DiscreteSchedule: betas must be in (0, 1)"));
  REQUIRE_THAT(complaint([&] { DiscreteSchedule{negative}; }), ContainsSubstring("at step 1, got -0.1"));
  REQUIRE_THAT(complaint([&] { DiscreteSchedule{none}; }), ContainsSubstring("must not be empty"));
  REQUIRE_THAT(complaint([&] { DiscreteSchedule::from_alpha_bars(rising); }),
               ContainsSubstring("at step 1, got 0.6"));
  REQUIRE_THAT(complaint([&] { DiscreteSchedule::from_alpha_bars(one); }),
               ContainsSubstring("at step 0, got 1"));
  const DiscreteSchedule schedule(azula::linear_betas());
  REQUIRE_THAT(complaint([&] { schedule(1.5); }), ContainsSubstring("got 1.5"));
  REQUIRE_THAT(complaint([&] { schedule(std::numeric_limits<double>::quiet_NaN()); }),
               ContainsSubstring("got nan"));
  REQUIRE_THAT(complaint([&] { schedule.time_of(1000); }),
               ContainsSubstring("the training step must be in [-1, 999], got 1000"));
}
