#include "azula/time/sigma_times.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/edm_schedule.hpp"
#include "azula/noise/exploding_schedule.hpp"
#include "azula/noise/shifted_rectified_schedule.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/time/clean_end.hpp"
#include "azula/time/karras_times.hpp"
#include "azula/time/linear_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::DiscreteSchedule;
using azula::sigma_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the published sigmas of Align Your Steps are its published training steps", "[time]") {
  const DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const std::vector sigmas{14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.0};
  const std::vector steps{999.0, 850.0, 736.0, 645.0, 545.0, 455.0, 343.0, 233.0, 124.0, 24.0};
  const auto times = sigma_times(schedule, sigmas);
  REQUIRE(times.size() == sigmas.size());
  REQUIRE(times.front() == 1);  // 14.615 is 14.6146 with fewer digits
  REQUIRE(times.back() == 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CAPTURE(i);
    REQUIRE(schedule.training_time(times[i]) == Approx(steps[i]).margin(1.0));
  }
}

TEST_CASE("the schedule has the given sigmas at their times", "[time]") {
  const std::vector sigmas{10.0, 1.0, 0.1, 0.01};
  const auto check = [&](const auto& schedule) {
    const auto times = sigma_times(schedule, sigmas);
    for (std::size_t i = 0; i < sigmas.size(); ++i) {
      REQUIRE(schedule(times[i]).sigma / schedule(times[i]).alpha == Approx(sigmas[i]).epsilon(1e-11));
    }
  };
  check(azula::VESchedule{});
  check(azula::VPSchedule{});
  check(DiscreteSchedule(azula::linear_betas(), azula::Interpolation::log));
  check(azula::ExplodingSchedule(DiscreteSchedule(azula::linear_betas())));
  check(azula::EDMSchedule{});
}

TEST_CASE("a clean end can be added to grids between positive noise levels", "[time]") {
  const azula::EDMSchedule schedule;
  const auto times = azula::with_clean_end(schedule, azula::linear_times({.steps = 17}));
  REQUIRE(times.size() == 19);
  REQUIRE(schedule(times[17]).sigma == 0.002);
  REQUIRE(schedule(times[18]).sigma == 0);
  // The schedule's own time is Karras' grid.
  const auto karras = azula::karras_times(schedule, {.steps = 17});
  for (std::size_t i = 0; i < karras.size(); ++i) REQUIRE(karras[i] == Approx(times[i]).margin(1e-12));
  REQUIRE_THAT(complaint([] {
                 azula::with_clean_end(azula::VESchedule{}, {1, 0});
               }),
               ContainsSubstring("azula::with_clean_end"));
}

TEST_CASE("the sigmas of a flow model may begin with pure noise, where the ratio is infinite", "[time]") {
  std::vector<double> ratios;
  const std::vector<double> sigmas{1, 0.75, 0.5, 0.125, 0};
  for (const double sigma : sigmas) ratios.push_back(sigma / (1 - sigma));
  const auto times = sigma_times(azula::ShiftedRectifiedSchedule{.shift = 1}, ratios);
  REQUIRE(times.size() == sigmas.size());
  for (std::size_t i = 0; i < times.size(); ++i) REQUIRE(times[i] == Approx(sigmas[i]).margin(1e-12));
  REQUIRE(times.front() == 1);
}

TEST_CASE("sigmas that cannot be are errors that say which", "[time]") {
  const azula::VESchedule schedule;
  REQUIRE_THAT(complaint([&] {
                 sigma_times(schedule, std::vector{2000.0, 1.0});
               }),
               ContainsSubstring("sigmas must be in [0.001, 1000] with this schedule, got 2000"));
  REQUIRE_THAT(complaint([&] {
                 sigma_times(schedule, std::vector{1.0, 1e-4});
               }),
               ContainsSubstring("got 0.0001"));
  REQUIRE_THAT(complaint([&] {
                 sigma_times(schedule, std::vector{1.0, 2.0});
               }),
               ContainsSubstring("sigmas must fall to at least 0, got 2 after 1"));
  REQUIRE_THAT(complaint([&] { sigma_times(schedule, std::vector{std::numeric_limits<double>::infinity(), 1.0}); }),
               ContainsSubstring("with this schedule, got inf"));
  REQUIRE_THAT(complaint([&] { sigma_times(schedule, std::vector{std::nan("")}); }),
               ContainsSubstring("got nan as the first"));
  REQUIRE_THAT(complaint([&] { sigma_times(schedule, std::vector{-1.0}); }),
               ContainsSubstring("got -1 as the first"));
  REQUIRE_THAT(complaint([&] {
                 sigma_times(schedule, std::vector{1.0, 0.0});
               }),
               ContainsSubstring("a clean end needs"));
}
