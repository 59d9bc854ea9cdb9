#include "azula/time/polyexponential_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/shifted_rectified_schedule.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::polyexponential_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("polyexponential times have a polynomial log sigma", "[time]") {
  const azula::VESchedule schedule{.sigma_min = 0.01, .sigma_max = 10};
  const auto times = polyexponential_times(schedule, {.steps = 4, .rho = 2});
  require_grid(times, 4, 1, 0);
  // log σ from log 10 to log 0.01 with weights 1, 9/16, 1/4, 1/16, 0: t itself on this schedule.
  REQUIRE(times[1] == Approx(9.0 / 16).epsilon(1e-12));
  REQUIRE(times[2] == Approx(1.0 / 4).epsilon(1e-12));
  REQUIRE(times[3] == Approx(1.0 / 16).epsilon(1e-12));
}

TEST_CASE("polyexponential times out of range are errors that name the option", "[time]") {
  REQUIRE_THAT(complaint([] { polyexponential_times(azula::ShiftedRectifiedSchedule{}); }),
               ContainsSubstring("azula::polyexponential_times: alpha and sigma"));
  REQUIRE_THAT(complaint([] { polyexponential_times(azula::VESchedule{}, {.rho = -1}); }),
               ContainsSubstring("rho must be in [0.01, 100], got -1"));
}
