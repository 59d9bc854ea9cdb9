#include "azula/noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "azula/noise/log_snr.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"

namespace {

using azula::CosineSchedule;
using azula::DecaySchedule;
using azula::RectifiedSchedule;
using azula::Scales;
using azula::VESchedule;
using azula::VPSchedule;
using Catch::Matchers::ContainsSubstring;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double eps = std::numeric_limits<double>::epsilon();

void require_close(double value, long double expected, double tolerance = 4 * eps) {
  CAPTURE(value, static_cast<double>(expected));
  const long double error = std::fabs(static_cast<long double>(value) - expected);
  REQUIRE(error <= static_cast<long double>(tolerance) * std::fabs(expected));
}

/// τ of the decay schedule.
long double decay(long double t, long double gamma) {
  return std::expm1(t * std::log(gamma)) / (gamma - 1);
}

/// Calls f(name, schedule) for schedules that cover the parameters.
template <class F>
void each_schedule(F&& f) {
  f("VE", AnySchedule{VESchedule{}});
  f("VE, EDM's", AnySchedule{VESchedule{.sigma_min = 0.002, .sigma_max = 80}});
  for (const double a : {1e-12, 1e-3, 0.5}) {
    for (const double s : {0.0, 1e-8, 1e-3, 0.9}) {
      const std::string with = " " + std::to_string(a) + " " + std::to_string(s);
      f("VP" + with, AnySchedule{VPSchedule{a, s}});
      f("Cosine" + with, AnySchedule{CosineSchedule{a, s}});
      f("Rectified" + with, AnySchedule{RectifiedSchedule{a, s}});
      for (const double gamma : {1e-6, 0.1, 0.999})
        f("Decay" + with, AnySchedule{DecaySchedule{a, s, gamma}});
    }
  }
  f("Cosine 0", AnySchedule{CosineSchedule{0, 0}});
  f("Rectified 0", AnySchedule{RectifiedSchedule{0, 0}});
  for (const double gamma : {1e-6, 0.1, 0.3, 0.999}) f("Decay 0", AnySchedule{DecaySchedule{0, 0, gamma}});
}

}  // namespace

TEST_CASE("schedules have the values of their formulas at known points", "[noise]") {
  const double root2 = std::sqrt(2.0);
  REQUIRE(VESchedule{}(0.3).alpha == 1);
  require_close(VESchedule{}(0).sigma, 1e-3L, 16 * eps);
  require_close(VESchedule{}(0.5).sigma, 1, 16 * eps);
  require_close(VESchedule{}(1).sigma, 1e3L, 16 * eps);
  require_close(VESchedule{.sigma_min = 0.002, .sigma_max = 80}(0.5).sigma, 0.4L, 16 * eps);  // √(0.002 · 80)

  const VPSchedule vp{.alpha_min = 1e-4, .sigma_min = 0.1};
  REQUIRE(vp(0).alpha == 1);
  require_close(vp(0).sigma, 0.1L);
  require_close(vp(0.5).alpha, 0.1L, 16 * eps);  // α_min^(1/4)
  require_close(vp(0.5).sigma, 1);               // 1 - 0.01 + 0.01
  require_close(vp(1).alpha, 1e-4L, 16 * eps);

  const CosineSchedule cosine{.alpha_min = 0, .sigma_min = 0};
  require_close(cosine(1.0 / 3).alpha, std::sqrt(3.0L) / 2);
  require_close(cosine(0.5).alpha, 1 / std::sqrt(2.0L));
  require_close(cosine(0.5).sigma, 1 / std::sqrt(2.0L));
  require_close(cosine(2.0 / 3).alpha, 0.5L);
  require_close(CosineSchedule{.alpha_min = 0.5, .sigma_min = 0.6}(1).sigma, std::sqrt(0.75L + 0.36L));
  require_close(CosineSchedule{.alpha_min = 1 / root2}(0.5).alpha, std::cos(std::acos(-1.0L) / 8));

  const RectifiedSchedule rectified{.alpha_min = 0.25, .sigma_min = 0.5};
  require_close(rectified(0.25).alpha, 0.8125L);
  require_close(rectified(0.25).sigma, 0.625L);

  const DecaySchedule decaying{.alpha_min = 0.1, .sigma_min = 0.2, .gamma = 0.25};
  require_close(decaying(0.5).alpha, 0.4L);                             // τ = (1 - 1/2)/(3/4) = 2/3
  require_close(decaying(0.5).sigma, 11.0L / 15);                       // 2/3 + 1/3 · 1/5
  require_close(DecaySchedule{0, 0, 1 - 1e-9}(0.3).sigma, 0.3L, 1e-9);  // γ -> 1: the rectified one
}

TEST_CASE("the ends of a schedule are exact", "[noise]") {
  for (const double s : {0.0, 1e-3, 0.7}) {
    for (const double a : {0.0, 1e-9, 0.1, 0.3}) {
      CAPTURE(a, s);
      if (a > 0) REQUIRE(VPSchedule{a, s}(0).alpha == 1);
      if (a > 0) require_close(VPSchedule{a, s}(0).sigma, s, s > 0 ? eps : 0);
      for (const AnySchedule& schedule :
           {AnySchedule{CosineSchedule{a, s}}, AnySchedule{RectifiedSchedule{a, s}},
            AnySchedule{DecaySchedule{a, s, 0.1}}, AnySchedule{DecaySchedule{a, s, 0.3}}}) {
        REQUIRE(schedule(0).alpha == 1);
        REQUIRE(schedule(0).sigma == s);
        REQUIRE(schedule(1).alpha == a);
      }
      REQUIRE(RectifiedSchedule{a, s}(1).sigma == 1);
      REQUIRE(DecaySchedule{a, s, 0.1}(1).sigma == 1);
    }
  }
}

TEST_CASE("noise scales keep their digits near t = 0", "[noise]") {
  for (const double t : {1e-12, 1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 0.9}) {
    CAPTURE(t);
    const long double x = t, a = 1e-3;
    require_close(VPSchedule{1e-3, 0}(t).sigma, std::sqrt(-std::expm1(2 * std::log(a) * x * x)));
    require_close(CosineSchedule{1e-3, 0}(t).sigma, std::sin(x * std::acos(a)));
    require_close(RectifiedSchedule{1e-3, 0}(t).sigma, x);
    require_close(DecaySchedule{1e-3, 0, 0.1}(t).sigma, decay(x, 0.1));
    require_close(DecaySchedule{1e-3, 0, 0.999}(t).sigma, decay(x, 0.999), 1e-12);
    require_close(VESchedule{}(t).sigma, std::pow(10.0L, 6 * x - 3), 16 * eps);
  }
}

TEST_CASE("alpha never rises, sigma never falls and their ratio always falls", "[noise]") {
  each_schedule([](const std::string& name, const AnySchedule& schedule) {
    CAPTURE(name);
    constexpr int points = 2000;
    Scales before = schedule(0);
    for (int i = 1; i <= points; ++i) {
      const Scales now = schedule(static_cast<double>(i) / points);
      if (!(now.alpha <= before.alpha && now.sigma >= before.sigma * (1 - 2 * eps) && now.alpha >= 0 &&
            now.alpha * before.sigma < before.alpha * now.sigma)) {
        CAPTURE(i, before.alpha, before.sigma, now.alpha, now.sigma);
        FAIL("the schedule turns");
      }
      before = now;
    }
    SUCCEED();
  });
}

TEST_CASE("a schedule with a parameter out of range says which", "[noise]") {
  const auto what = [](const auto& schedule) {
    return complaint<std::invalid_argument>([&] { schedule.check(); });
  };
  for (const double bad : {-0.1, 1.0, 2.0, not_a_number}) {
    CHECK_THAT(what(VPSchedule{.sigma_min = bad}),
               ContainsSubstring("azula::VPSchedule: sigma_min must be in [0, 1), got"));
    CHECK_THAT(what(CosineSchedule{.sigma_min = bad}),
               ContainsSubstring("CosineSchedule: sigma_min must be in [0, 1)"));
    CHECK_THAT(what(RectifiedSchedule{.sigma_min = bad}),
               ContainsSubstring("RectifiedSchedule: sigma_min must be"));
    CHECK_THAT(what(DecaySchedule{.sigma_min = bad}),
               ContainsSubstring("DecaySchedule: sigma_min must be in [0, 1)"));
    CHECK_THAT(what(VPSchedule{.alpha_min = bad}),
               ContainsSubstring("VPSchedule: alpha_min must be in (0, 1)"));
    CHECK_THAT(what(CosineSchedule{.alpha_min = bad}),
               ContainsSubstring("CosineSchedule: alpha_min must be in"));
    CHECK_THAT(what(RectifiedSchedule{.alpha_min = bad}),
               ContainsSubstring("RectifiedSchedule: alpha_min must be"));
    CHECK_THAT(what(DecaySchedule{.alpha_min = bad}),
               ContainsSubstring("DecaySchedule: alpha_min must be in"));
  }
  CHECK(what(VPSchedule{.alpha_min = 0}) == "azula::VPSchedule: alpha_min must be in (0, 1), got 0");
  for (const double bad : {-0.1, 0.0, 1.0, not_a_number}) {
    CHECK_THAT(what(DecaySchedule{.gamma = bad}),
               ContainsSubstring("DecaySchedule: gamma must be in (0, 1), got"));
  }
  for (const double bad : {-1.0, 0.0, not_a_number}) {
    CHECK_THAT(what(VESchedule{.sigma_min = bad}),
               ContainsSubstring("VESchedule: sigma_min must be finite and positive, got"));
  }
  for (const double bad : {1e-4, 1e-3, -1.0, not_a_number, std::numeric_limits<double>::infinity()}) {
    CHECK_THAT(what(VESchedule{.sigma_max = bad}),
               ContainsSubstring("VESchedule: sigma_max must be finite and greater than sigma_min, got"));
  }
  CHECK(what(VESchedule{}).empty());
  CHECK(what(VPSchedule{}).empty());
  CHECK(what(CosineSchedule{0, 0}).empty());
  CHECK(what(RectifiedSchedule{0, 0}).empty());
  CHECK(what(DecaySchedule{0, 0, 0.5}).empty());
}
