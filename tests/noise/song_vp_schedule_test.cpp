#include "azula/noise/song_vp_schedule.hpp"

#include <cmath>

#include "azula/noise/discrete_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::SongVPSchedule;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("Song's VP schedule has the values of its formula, and keeps all digits near 0", "[noise]") {
  const SongVPSchedule schedule;
  REQUIRE(schedule(0).alpha == 1);
  REQUIRE(schedule(0).sigma == 0);
  REQUIRE(schedule(1).alpha == Approx(std::exp(-5.025)).epsilon(1e-14));
  REQUIRE(schedule(0.5).alpha == Approx(std::exp(-1.26875)).epsilon(1e-14));
  // σ² = ∫β - …: at t = 1e-9, β_min t to nine digits.
  REQUIRE(schedule(1e-9).sigma == Approx(std::sqrt(1e-10)).epsilon(1e-7));
  for (const double t : {1e-6, 0.1, 0.7, 1.0})
    REQUIRE(std::hypot(schedule(t).alpha, schedule(t).sigma) == Approx(1).epsilon(1e-15));
}

TEST_CASE("Song's VP schedule is the limit of linear betas", "[noise]") {
  const SongVPSchedule limit;
  double last = 1;
  for (const int count : {1000, 10000, 100000}) {
    const azula::DiscreteSchedule discrete(
        azula::linear_betas({.first = 0.1 / count, .last = 20.0 / count, .steps = count}));
    double error = 0;
    for (const double t : {0.1, 0.5, 1.0})
      error = std::fmax(error, std::fabs(discrete(t).alpha / limit(t).alpha - 1));
    REQUIRE(error < last / 8);  // of first order in 1/T
    last = error;
  }
}

TEST_CASE("parameters of Song's VP schedule out of range are errors that name them", "[noise]") {
  REQUIRE_THAT(complaint([] { SongVPSchedule{.beta_min = -1}.check(); }),
               ContainsSubstring("beta_min must be finite and at least 0, got -1"));
  REQUIRE_THAT(complaint([] { SongVPSchedule{.beta_max = 0}.check(); }),
               ContainsSubstring("beta_max must be finite and positive, got 0"));
}
