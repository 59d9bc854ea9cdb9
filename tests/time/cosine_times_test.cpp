#include "azula/time/cosine_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/cosine_schedule.hpp"
#include "azula/noise/shifted_rectified_schedule.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::cosine_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("cosine times are the even times of the cosine schedule, and KL-optimal on any other", "[time]") {
  const azula::CosineSchedule cosine{.alpha_min = 0, .sigma_min = 0};
  const auto even = cosine_times(cosine, {.steps = 5});
  for (std::size_t i = 0; i <= 5; ++i)
    REQUIRE(even[i] == Approx(1 - 0.2 * static_cast<double>(i)).margin(1e-12));

  const azula::VESchedule edm{.sigma_min = 0.002, .sigma_max = 80};
  const auto times = cosine_times(edm, {.steps = 9});
  require_grid(times, 9, 1, 0);
  for (std::size_t i = 0; i <= 9; ++i) {
    const double share = static_cast<double>(i) / 9;
    REQUIRE(edm(times[i]).sigma ==
            Approx(std::tan((1 - share) * std::atan(80.0) + share * std::atan(0.002))).epsilon(1e-10));
  }
  // Both ends infinite in log α/σ.
  require_grid(cosine_times(azula::ShiftedRectifiedSchedule{}, {.steps = 6}), 6, 1, 0);
}

TEST_CASE("cosine times out of range are errors that name the option", "[time]") {
  REQUIRE_THAT(complaint([] { cosine_times(azula::VPSchedule{}, {.start = 0}); }),
               ContainsSubstring("azula::cosine_times: start"));
}
