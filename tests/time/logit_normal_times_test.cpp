#include "azula/time/logit_normal_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::logit_normal_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("quantiles of the normal distribution are those of tables", "[time]") {
  REQUIRE(azula::normal_quantile(0.5, 0.5) == Approx(0).margin(1e-15));
  REQUIRE(azula::normal_quantile(0.975, 0.025) == Approx(1.959963984540054).epsilon(1e-14));
  REQUIRE(azula::normal_quantile(0.25, 0.75) == Approx(-0.6744897501960817).epsilon(1e-14));
  REQUIRE(azula::normal_quantile(1, 1e-20) == Approx(9.262340089798408).epsilon(1e-13));
}

TEST_CASE("logit-normal times of a flow are the quantiles of its distribution", "[time]") {
  const azula::RectifiedSchedule flow{.alpha_min = 0, .sigma_min = 0};
  const auto four = logit_normal_times(flow, {.steps = 4});
  require_grid(four, 4, 1, 0);
  // The quartiles of the normal distribution are ±0.6744897501960817; σ = 1/(1 + e^-y).
  REQUIRE(four[1] == Approx(1 / (1 + std::exp(-1.75 * 0.6744897501960817))).epsilon(1e-13));
  REQUIRE(four[2] == Approx(0.5).epsilon(1e-13));
  const auto large = logit_normal_times(flow, {.steps = 4, .mean = 0.5 * std::log(4.0), .deviation = 1});
  REQUIRE(large[3] == Approx(1 / (1 + std::exp(-std::log(2.0) + 0.6744897501960817))).epsilon(1e-13));
  REQUIRE(logit_normal_times(flow, {.steps = 1}) == std::vector{1.0, 0.0});
  require_grid(logit_normal_times(flow, {.steps = 1000}), 1000, 1, 0);
}

TEST_CASE("each step of logit-normal times has the same share of the distribution, on any schedule", "[time]") {
  const azula::VPSchedule vp;
  for (const double mean : {0.0, -1.5, 12.0}) {
    const auto times = logit_normal_times(vp, {.start = 0.9, .stop = 0.2, .steps = 6, .mean = mean});
    require_grid(times, 6, 0.9, 0.2);
    const auto above = [&](double t) {  // of which digits are left where mean is 12, seven deviations away
      const double z = (std::log(vp(t).sigma / vp(t).alpha) - mean) / 1.75;
      return mean < 5 ? std::erfc(z / std::sqrt(2.0)) : -std::erfc(-z / std::sqrt(2.0));
    };
    const double share = (above(0.2) - above(0.9)) / 6;
    for (std::size_t i = 0; i < 6; ++i) {
      REQUIRE(above(times[i + 1]) - above(times[i]) == Approx(share).epsilon(1e-8));
    }
  }
}

TEST_CASE("logit-normal times out of range are errors that name the option", "[time]") {
  const azula::VPSchedule vp;
  REQUIRE_THAT(complaint([&] { logit_normal_times(vp, {.deviation = 0}); }),
               ContainsSubstring("azula::logit_normal_times: deviation must be in [0.01, 100], got 0"));
  REQUIRE_THAT(complaint([&] { logit_normal_times(vp, {.mean = 21}); }),
               ContainsSubstring("azula::logit_normal_times: mean must be in [-20, 20], got 21"));
  REQUIRE_THAT(complaint([&] { logit_normal_times(vp, {.steps = -1}); }),
               ContainsSubstring("azula::logit_normal_times: steps must be at least 0, got -1"));
  REQUIRE_THAT(complaint([&] { logit_normal_times(vp, {.mean = 20, .deviation = 0.1}); }),
               ContainsSubstring("mean must be nearer to log sigma/alpha of the times, got 20"));
}
