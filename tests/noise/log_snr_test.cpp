#include "azula/noise/log_snr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "azula/noise.hpp"
#include "catch.hpp"
#include "support/any.hpp"

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Whether the schedule falls through `lambda` within some units of the last place of t, and of α/σ itself.
template <class S>
bool nearest(const S& schedule, double lambda, double t, double low, double high) {
  const auto at = [&](double time) {
    const auto scales = schedule(std::clamp(time, low, high));
    return azula::log_snr(scales.alpha, scales.sigma);
  };
  const double slack = 16 * epsilon * std::max(1.0, std::fabs(lambda)), width = 8 * epsilon * std::fabs(t);
  return at(t - width) + slack >= lambda && at(t + width) - slack <= lambda;
}

/// The first λ between the ends whose time is not the nearest, or 0.
template <class S>
double missed(const S& schedule, double low, double high) {
  const auto at = [&](double t) { return azula::log_snr(schedule(t).alpha, schedule(t).sigma); };
  const double first = std::max(at(high), -30.0), last = std::min(at(low), 30.0);
  for (int i = 1; i < 200; ++i) {
    const double lambda = first + (last - first) * i / 200;
    if (!nearest(schedule, lambda, azula::time_of_log_snr(schedule, lambda, low, high), low, high)) return lambda;
  }
  return 0;
}

/// For a schedule with an inverse of its own: that, and the search that all others get.
template <class S>
void check_inverse(const S& schedule, double low = 0) {
  STATIC_REQUIRE(requires { schedule.time_of_log_snr(0.5); });
  CHECK(missed(schedule, low, 1) == 0);
  CHECK(missed(AnySchedule{schedule}, low, 1) == 0);
  CHECK(azula::time_of_log_snr(schedule, infinity, low, 1) == low);
  CHECK(azula::time_of_log_snr(schedule, -infinity, low, 1) == 1);
  CHECK(azula::time_of_log_snr(schedule, 700, 0.2, 0.7) == 0.2);
  CHECK(azula::time_of_log_snr(schedule, -700, 0.2, 0.7) == 0.7);
}

}  // namespace

TEST_CASE("log α/σ is what it says, also at its infinite ends", "[noise]") {
  REQUIRE(azula::log_snr(1, 1) == 0);
  REQUIRE(std::fabs(azula::log_snr(0.5, 2) + std::log(4.0)) < 1e-15);
  REQUIRE(azula::log_snr(1, 0) == infinity);
  REQUIRE(azula::log_snr(0, 1) == -infinity);
}

TEST_CASE("unit scales have the ratio asked for, to full precision on either side", "[noise]") {
  for (const double lambda : {-300.0, -20.0, -1.0, 0.0, 0.3, 15.0, 300.0}) {
    const auto [alpha, sigma] = azula::unit_scales(lambda);
    CHECK(std::fabs(azula::log_snr(alpha, sigma) - lambda) <= 4 * epsilon * std::max(1.0, std::fabs(lambda)));
    CHECK(std::fabs(std::hypot(alpha, sigma) - 1) <= 2 * epsilon);
  }
  CHECK(azula::unit_scales(infinity).sigma == 0);
  CHECK(azula::unit_scales(-infinity).alpha == 0);
}

TEST_CASE("the time of a log α/σ is as near as double allows, in closed form and by search", "[noise]") {
  check_inverse(azula::VESchedule{});
  check_inverse(azula::VPSchedule{});
  check_inverse(azula::VPSchedule{.alpha_min = 0.2, .sigma_min = 0});
  check_inverse(azula::CosineSchedule{});
  check_inverse(azula::CosineSchedule{.alpha_min = 0, .sigma_min = 0});
  check_inverse(azula::RectifiedSchedule{});
  check_inverse(azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0});
  check_inverse(azula::DecaySchedule{});
  check_inverse(azula::DecaySchedule{.alpha_min = 0, .sigma_min = 0.1, .gamma = 0.9});
  check_inverse(azula::SongVPSchedule{});
  check_inverse(azula::SongVPSchedule{.beta_min = 0, .beta_max = 5});
  check_inverse(azula::EDMSchedule{});
  check_inverse(azula::EDMSchedule{}, azula::EDMSchedule{}.clean_time());
  check_inverse(azula::ShiftedRectifiedSchedule{});
  check_inverse(azula::ExplodingSchedule(azula::VPSchedule{}));
}

TEST_CASE("discrete schedules are inverted between all of their steps", "[noise]") {
  check_inverse(azula::DiscreteSchedule(azula::linear_betas()));
  check_inverse(azula::DiscreteSchedule(azula::linear_betas(), azula::Interpolation::log));
  check_inverse(azula::DiscreteSchedule(azula::squared_cosine_betas(100)));
  check_inverse(azula::DiscreteSchedule(azula::rescale_zero_terminal_snr(azula::linear_betas())));
  check_inverse(azula::ExplodingSchedule(azula::DiscreteSchedule(azula::linear_betas())));
}
