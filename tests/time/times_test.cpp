#include "azula/time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "azula/noise.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class S>
double rho(const S& schedule, double t) {
  return schedule(t).sigma / schedule(t).alpha;
}

/// Exact ends, exactly steps + 1 times, each below the one before.
bool is_grid(const std::vector<double>& times, std::size_t steps, double start, double stop) {
  return times.size() == steps + 1 && times.front() == start && times.back() == stop &&
         std::adjacent_find(times.begin(), times.end(), [](double a, double b) { return !(b < a); }) ==
             times.end();
}

const std::vector<AnySchedule> schedules = {{azula::VESchedule{}},
                                            {azula::VPSchedule{}},
                                            {azula::CosineSchedule{}},
                                            {azula::RectifiedSchedule{}},
                                            {azula::DecaySchedule{}}};

}  // namespace

TEST_CASE("every number of steps gives one time more, and both ends", "[time]") {
  for (std::ptrdiff_t steps = 1; steps <= 1000; ++steps) {
    const auto count = static_cast<std::size_t>(steps);
    CAPTURE(steps);
    if (!is_grid(azula::linear_times({.steps = steps}), count, 1, 0)) FAIL("linear, from 1 to 0");
    if (!is_grid(azula::linear_times({0.9, 0.1, steps}), count, 0.9, 0.1)) FAIL("linear, from 0.9 to 0.1");
  }
  for (const AnySchedule& schedule : schedules) {
    for (std::ptrdiff_t steps = 1; steps <= 1000; steps += 1 + steps / 8) {
      const auto count = static_cast<std::size_t>(steps);
      CAPTURE(steps);
      REQUIRE(is_grid(azula::log_snr_times(schedule, {.steps = steps}), count, 1, 0));
      REQUIRE(is_grid(azula::karras_times(schedule, {.steps = steps}), count, 1, 0));
      REQUIRE(is_grid(azula::karras_times(schedule, {0.9, 0.1, steps, 3}), count, 0.9, 0.1));
    }
  }
}

TEST_CASE("linear times are even", "[time]") {
  const std::vector<double> times = azula::linear_times({.start = 0.9, .stop = 0.1, .steps = 4});
  const std::vector<double> expected{0.9, 0.7, 0.5, 0.3, 0.1};
  for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(std::fabs(times[i] - expected[i]) < 1e-15);
  REQUIRE(azula::linear_times().size() == 65);
}

TEST_CASE("log-SNR times are even in log α/σ", "[time]") {
  for (const AnySchedule& schedule : schedules) {
    const std::vector<double> times =
        azula::log_snr_times(schedule, {.start = 0.95, .stop = 0.01, .steps = 25});
    const double first = -std::log(rho(schedule, 0.95)), last = -std::log(rho(schedule, 0.01));
    for (std::size_t i = 0; i < times.size(); ++i) {
      const double expected = first + static_cast<double>(i) / 25 * (last - first);
      CAPTURE(i, times[i]);
      REQUIRE(std::fabs(-std::log(rho(schedule, times[i])) - expected) < 1e-13);
    }
  }
}

TEST_CASE("Karras times are even in a root of σ/α", "[time]") {
  for (const AnySchedule& schedule : schedules) {
    for (const double power : {1.0, 3.0, 7.0}) {
      const std::vector<double> times =
          azula::karras_times(schedule, {.start = 0.95, .steps = 18, .rho = power});
      const double noisy = std::pow(rho(schedule, 0.95), 1 / power),
                   clean = std::pow(rho(schedule, 0), 1 / power);
      for (std::size_t i = 0; i < times.size(); ++i) {
        const double expected = noisy + static_cast<double>(i) / 18 * (clean - noisy);
        CAPTURE(power, i, times[i]);
        REQUIRE(std::fabs(std::pow(rho(schedule, times[i]), 1 / power) - expected) < 1e-13 * noisy);
      }
    }
  }
}

TEST_CASE("Karras times are the noise levels of EDM's table", "[time]") {
  // Karras et al. 2022, eq. 5 with σ from 80 to 0.002, ρ = 7, 18 levels; evaluated with 30 digits.
  const azula::VESchedule schedule{.sigma_min = 0.002, .sigma_max = 80};
  const std::vector<double> times = azula::karras_times(schedule, {.steps = 17, .rho = 7});
  const std::vector<double> expected{80.000000000000000,   57.585984721248158,    40.785573796507958,
                                     28.374584604156837,   19.352452980325221,    12.910082380757316,
                                     8.4009353090998212,   5.3151945217963789,    3.2568215197655383,
                                     1.9233398370400499,   1.0881706365452794,    0.58534812319454230,
                                     0.29644228447915726,  0.13951646873101648,   0.059947311235471567,
                                     0.022934518372333368, 0.0075280199627840704, 0.0020000000000000000};
  REQUIRE(times.size() == expected.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    CAPTURE(i);
    REQUIRE(std::fabs(schedule(times[i]).sigma / expected[i] - 1) < 1e-12);
  }
}

TEST_CASE("Karras times may end without noise, log-SNR times may not", "[time]") {
  const azula::RectifiedSchedule clean{.alpha_min = 0.1, .sigma_min = 0};
  const std::vector<double> times = azula::karras_times(clean, {.steps = 5, .rho = 2});
  REQUIRE(is_grid(times, 5, 1, 0));
  for (std::size_t i = 0; i < 6; ++i) {
    const double expected = std::sqrt(10) * (1 - static_cast<double>(i) / 5);
    REQUIRE(std::fabs(std::sqrt(rho(clean, times[i])) - expected) < 1e-14);
  }
  CHECK_THAT(complaint<std::invalid_argument>([&] { azula::log_snr_times(clean); }),
             ContainsSubstring(
                 "azula::log_snr_times: alpha and sigma must be positive at time 0; move start or stop "
                 "inwards, got alpha = 1, sigma = 0"));
  const azula::RectifiedSchedule pure{.alpha_min = 0, .sigma_min = 0.1};
  CHECK_THAT(complaint<std::invalid_argument>([&] { azula::log_snr_times(pure); }),
             ContainsSubstring("log_snr_times: alpha and sigma must be positive at time 1"));
  CHECK_THAT(complaint<std::invalid_argument>([&] { azula::karras_times(pure); }),
             ContainsSubstring("karras_times: alpha and sigma must be positive at time 1"));
}

TEST_CASE("options of times out of range are errors that name them", "[time]") {
  const azula::VPSchedule schedule;
  const auto linear = [](double start, double stop, std::ptrdiff_t steps) {
    return complaint<std::invalid_argument>([&] { azula::linear_times({start, stop, steps}); });
  };
  CHECK(linear(1, 0, -3) == "azula::linear_times: steps must be at least 0, got -3");
  CHECK(linear(not_a_number, 0, 1) == "azula::linear_times: start must be finite, got nan");
  CHECK(linear(1, -infinity, 1) == "azula::linear_times: stop must be finite, got -inf");
  CHECK(linear(1, 0, 1'000'001) == "azula::linear_times: steps must be at most 1000000, got 1000001");
  CHECK(linear(1, 0, std::numeric_limits<std::ptrdiff_t>::max()) ==
        "azula::linear_times: steps must be at most 1000000, got " +
            std::to_string(std::numeric_limits<std::ptrdiff_t>::max()));
  CHECK(linear(0.5, 0.5, 1) == "azula::linear_times: start and stop must differ, got 0.5");
  const auto karras = [&](const azula::KarrasTimeOptions& options) {
    return complaint<std::invalid_argument>([&] { azula::karras_times(schedule, options); });
  };
  CHECK(karras({.steps = -1}) == "azula::karras_times: steps must be at least 0, got -1");
  CHECK(karras({.start = 0}) == "azula::karras_times: start and stop must differ, got 0");
  for (const double bad : {0.0, -7.0, not_a_number, infinity}) {
    CHECK_THAT(karras({.rho = bad}),
               ContainsSubstring("azula::karras_times: rho must be in [0.1, 1000000], got"));
  }
  CHECK_THAT(complaint<std::invalid_argument>([&] { azula::log_snr_times(schedule, {.steps = -1}); }),
             ContainsSubstring("azula::log_snr_times: steps must be at least 0, got -1"));
}

TEST_CASE("a grid without a step is its start, so that n steps with a clean end are one step for n = 1", "[time]") {
  const azula::VPSchedule vp;
  const azula::EDMSchedule edm;
  const std::vector<double> start{0.75};
  CHECK(azula::linear_times({.start = 0.75, .steps = 0}) == start);
  CHECK(azula::log_snr_times(vp, {.start = 0.75, .steps = 0}) == start);
  CHECK(azula::cosine_times(vp, {.start = 0.75, .steps = 0}) == start);
  CHECK(azula::karras_times(vp, {.start = 0.75, .steps = 0}) == start);
  CHECK(azula::polyexponential_times(vp, {.start = 0.75, .steps = 0}) == start);
  CHECK(azula::quadratic_times({.start = 0.75, .steps = 0}) == start);
  CHECK(azula::beta_times({.start = 0.75, .steps = 0}) == start);
  CHECK(azula::logit_normal_times(vp, {.start = 0.75, .steps = 0}) == start);
  CHECK(azula::linear_quadratic_times(vp, {.start = 0.75, .steps = 0}) == start);
  for (const std::ptrdiff_t n : {1, 2, 5}) {
    CHECK(azula::with_clean_end(edm, azula::linear_times({.steps = n - 1})).size() == static_cast<std::size_t>(n) + 1);
  }
  const auto one = azula::with_clean_end(edm, azula::karras_times(edm, {.steps = 0}));
  CHECK(one == std::vector{1.0, edm.clean_time()});
}
