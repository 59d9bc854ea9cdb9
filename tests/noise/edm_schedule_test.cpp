#include "azula/noise/edm_schedule.hpp"

#include <cmath>

#include "azula/noise/clean_time.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::EDMSchedule;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("even times of the EDM schedule are Karras' noise levels, down to none", "[noise]") {
  const EDMSchedule schedule;
  REQUIRE(schedule(1).sigma == 80);
  REQUIRE(schedule(0).sigma == 0.002);
  for (int i = 0; i <= 17; ++i) {  // eq. 5 with N = 18
    const double root =
        std::pow(80.0, 1.0 / 7) + i / 17.0 * (std::pow(0.002, 1.0 / 7) - std::pow(80.0, 1.0 / 7));
    REQUIRE(schedule(1 - i / 17.0).sigma == Approx(std::pow(root, 7)).epsilon(1e-12));
    REQUIRE(schedule(1 - i / 17.0).alpha == 1);
  }
  REQUIRE(schedule.clean_time() < 0);
  REQUIRE(schedule(schedule.clean_time()).sigma == 0);
  REQUIRE(schedule(schedule.clean_time() / 2).sigma > 0);
  REQUIRE(schedule(schedule.clean_time() / 2).sigma < 0.002);
}

TEST_CASE("a schedule that never reaches the data has no clean time", "[noise]") {
  REQUIRE(azula::clean_time(EDMSchedule{}, "here") == EDMSchedule{}.clean_time());
  REQUIRE_THAT(
      complaint([] { azula::clean_time(azula::VESchedule{}, "here"); }),
      ContainsSubstring("azula::here: a clean end needs a schedule that ends at sigma = 0, got 0.001"));
}

TEST_CASE("parameters of the EDM schedule out of range are errors that name them", "[noise]") {
  REQUIRE_THAT(complaint([] { EDMSchedule{.sigma_min = 0}.check(); }),
               ContainsSubstring("sigma_min must be finite and positive, got 0"));
  REQUIRE_THAT(complaint([] { EDMSchedule{.sigma_max = 0.001}.check(); }),
               ContainsSubstring("greater than sigma_min, got 0.001"));
  REQUIRE_THAT(complaint([] { EDMSchedule{.rho = 0}.check(); }),
               ContainsSubstring("rho must be in [0.1, 1000], got 0"));
}
