#include "azula/noise/shifted_rectified_schedule.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/complaint.hpp"

using azula::ResolutionShift;
using azula::ShiftedRectifiedSchedule;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a shifted flow stays straight and divides its odds by the shift", "[noise]") {
  for (const double shift : {0.5, 1.0, 3.0, 12.0}) {
    const ShiftedRectifiedSchedule schedule{.shift = shift};
    REQUIRE(schedule(0).sigma == 0);
    REQUIRE(schedule(0).alpha == 1);
    REQUIRE(schedule(1).sigma == 1);
    REQUIRE(schedule(1).alpha == 0);
    for (const double t : {1e-6, 0.2, 0.5, 0.999}) {
      REQUIRE(schedule(t).alpha + schedule(t).sigma == Approx(1).epsilon(1e-15));
      REQUIRE(schedule(t).sigma / schedule(t).alpha == Approx(shift * t / (1 - t)).epsilon(1e-12));
      REQUIRE(schedule.time_of_sigma(schedule(t).sigma) == Approx(t).epsilon(1e-12));
    }
  }
  REQUIRE(ShiftedRectifiedSchedule{.shift = 3}(0.5).sigma == 0.75);
}

TEST_CASE("the shift of a resolution meets the ends of its line", "[noise]") {
  REQUIRE(ResolutionShift{}(256) == Approx(std::exp(0.5)));
  REQUIRE(ResolutionShift{}(4096) == Approx(std::exp(1.15)));
  REQUIRE(ResolutionShift{.exponential = false}(4096) == Approx(1.15));
  REQUIRE(ResolutionShift{}.mu(2176) == Approx(0.825));
  // Exponential shifting elsewhere: e^μ/(e^μ + 1/t - 1).
  const double mu = ResolutionShift{}.mu(1024), t = 0.3;
  REQUIRE(ShiftedRectifiedSchedule{.shift = ResolutionShift{}(1024)}(t).sigma ==
          Approx(std::exp(mu) / (std::exp(mu) + (1 / t - 1))).epsilon(1e-14));
}

TEST_CASE("a shift that is not positive is an error", "[noise]") {
  REQUIRE_THAT(complaint([] { ShiftedRectifiedSchedule{.shift = 0}.check(); }),
               ContainsSubstring("shift must be finite and positive, got 0"));
}
