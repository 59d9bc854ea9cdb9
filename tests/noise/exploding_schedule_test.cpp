#include "azula/noise/exploding_schedule.hpp"

#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/edm_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/time/training_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::ExplodingSchedule;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the exploding form keeps the signal-to-noise ratio and what the schedule knows", "[noise]") {
  const azula::DiscreteSchedule inner(azula::linear_betas());
  const ExplodingSchedule schedule(inner);
  for (const double t : {0.0, 0.01, 0.5, 1.0}) {
    REQUIRE(schedule(t).alpha == 1);
    REQUIRE(schedule(t).sigma == inner(t).sigma / inner(t).alpha);
  }
  REQUIRE(schedule.steps() == 1000);
  REQUIRE(schedule.time_of(41) == inner.time_of(41));
  REQUIRE(schedule.training_time(0.5) == inner.training_time(0.5));
  REQUIRE(ExplodingSchedule(azula::EDMSchedule{}).clean_time() == azula::EDMSchedule{}.clean_time());
  STATIC_REQUIRE(azula::TrainingSchedule<ExplodingSchedule<azula::DiscreteSchedule>>);
  STATIC_REQUIRE(!azula::TrainingSchedule<ExplodingSchedule<azula::VPSchedule>>);
}

TEST_CASE("the exploding form passes the inner schedule's errors on", "[noise]") {
  const ExplodingSchedule schedule(azula::VPSchedule{.alpha_min = 2});
  REQUIRE_THAT(complaint([&] { schedule.check(); }), ContainsSubstring("azula::VPSchedule: alpha_min"));
}
