#include "azula/time/linear_quadratic_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::linear_quadratic_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The schedule of Mochi's code: a line, and a parabola that goes on with its slope.
std::vector<double> published(int n, double threshold, int even) {
  std::vector<double> sigmas;
  const double rest = n - even, lacking = even - threshold * n;
  const double square = lacking / (even * rest * rest), slope = threshold / even - 2 * lacking / (rest * rest);
  for (int i = 0; i < n; ++i) {
    sigmas.push_back(1 - (i < even ? i * threshold / even : square * i * i + slope * i + square * even * even));
  }
  sigmas.push_back(0);
  return sigmas;
}

}  // namespace

TEST_CASE("linear-quadratic times of a flow are Mochi's", "[time]") {
  const azula::RectifiedSchedule flow{.alpha_min = 0, .sigma_min = 0};
  for (const int n : {2, 3, 8, 25, 64}) {
    const auto times = linear_quadratic_times(flow, {.steps = n});
    require_grid(times, static_cast<std::size_t>(n), 1, 0);
    const auto expected = published(n, 0.025, n / 2);
    for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(times[i] == Approx(expected[i]).margin(1e-13));
  }
  const auto others = linear_quadratic_times(flow, {.steps = 10, .threshold = 0.3, .linear_steps = 2});
  const auto expected = published(10, 0.3, 2);
  for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(others[i] == Approx(expected[i]).margin(1e-13));
  REQUIRE(linear_quadratic_times(flow, {.steps = 1}) == std::vector{1.0, 0.0});
}

TEST_CASE("linear-quadratic times are so in the share of noise of any schedule, between any times", "[time]") {
  const azula::VPSchedule vp;
  const auto times = linear_quadratic_times(vp, {.start = 0.8, .stop = 0.1, .steps = 6});
  require_grid(times, 6, 0.8, 0.1);
  const auto level = [&](double t) { return vp(t).sigma / (vp(t).alpha + vp(t).sigma); };
  const auto expected = published(6, 0.025, 3);
  for (std::size_t i = 0; i <= 6; ++i) {
    REQUIRE((level(times[i]) - level(0.1)) / (level(0.8) - level(0.1)) == Approx(expected[i]).margin(1e-12));
  }
}

TEST_CASE("linear-quadratic times out of range are errors that name the option", "[time]") {
  const azula::VPSchedule vp;
  const auto said = [&](const azula::LinearQuadraticTimeOptions& options) {
    return complaint<std::invalid_argument>([&] { linear_quadratic_times(vp, options); });
  };
  CHECK(said({.steps = 8, .threshold = 0}) == "azula::linear_quadratic_times: threshold must be positive, got 0");
  CHECK(said({.steps = 8, .threshold = 0.7}) ==
        "azula::linear_quadratic_times: threshold must be in [0, 0.6666666667], got 0.7");
  CHECK(said({.steps = 8, .linear_steps = 8}) ==
        "azula::linear_quadratic_times: linear_steps must be from 1 to steps - 1, or 0, got 8");
  CHECK(said({.steps = 8, .linear_steps = -1}) ==
        "azula::linear_quadratic_times: linear_steps must be from 1 to steps - 1, or 0, got -1");
  CHECK(said({.steps = -1}) == "azula::linear_quadratic_times: steps must be at least 0, got -1");
  CHECK(said({.steps = 8, .threshold = 0.66}).empty());
  require_grid(linear_quadratic_times(vp, {.steps = 8, .threshold = 2.0 / 3}), 8, 1, 0);
}
