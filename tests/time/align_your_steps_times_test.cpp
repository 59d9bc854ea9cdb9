#include "azula/time/align_your_steps_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/edm_schedule.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::align_your_steps_times;
using azula::AlignedModel;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the aligned steps of Stable Diffusion are its published training steps", "[time]") {
  const azula::DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
  const auto check = [&](AlignedModel model, const std::vector<double>& steps) {
    const auto times = align_your_steps_times(schedule, {.model = model});
    require_grid(times, 10, 1, 0);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      CAPTURE(i);
      REQUIRE(schedule.training_time(times[i]) == Approx(steps[i]).margin(1.0));
    }
  };
  check(AlignedModel::SD15, {999, 850, 736, 645, 545, 455, 343, 233, 124, 24});
  check(AlignedModel::SDXL, {999, 845, 730, 587, 443, 310, 193, 116, 53, 13});
}

TEST_CASE("the aligned steps of Stable Video Diffusion are levels of sigma", "[time]") {
  const azula::EDMSchedule edm{.sigma_max = 700};
  const auto times = align_your_steps_times(edm, {.model = AlignedModel::SVD});
  require_grid(times, 10, 1, edm.clean_time());
  const std::vector<double> sigmas{700, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034};
  for (std::size_t i = 0; i < sigmas.size(); ++i) REQUIRE(edm(times[i]).sigma == Approx(sigmas[i]).epsilon(1e-11));
  REQUIRE(align_your_steps_times(edm, {.model = AlignedModel::SVD, .steps = 1}) == std::vector{1.0, edm.clean_time()});
}

TEST_CASE("other numbers of aligned steps are log-linear between the published ones", "[time]") {
  const azula::VESchedule ve{.sigma_min = 0.002, .sigma_max = 700};
  const auto times = align_your_steps_times(ve, {.model = AlignedModel::SVD, .steps = 4, .clean_end = false});
  require_grid(times, 4, 1, 0);
  REQUIRE(ve(times[1]).sigma == Approx(std::sqrt(15.886 * 7.977)).epsilon(1e-11));  // place 2.5 of 10
  REQUIRE(ve(times[2]).sigma == Approx(1.789).epsilon(1e-11));
  REQUIRE(ve(times[3]).sigma == Approx(std::sqrt(0.403 * 0.173)).epsilon(1e-11));
  require_grid(align_your_steps_times(ve, {.model = AlignedModel::SVD, .steps = 333, .clean_end = false}), 333, 1, 0);
}

TEST_CASE("aligned steps on a schedule that has not their levels are refused", "[time]") {
  REQUIRE_THAT(complaint([] { align_your_steps_times(azula::VESchedule{.sigma_max = 2}, {.clean_end = false}); }),
               ContainsSubstring("sigmas must be in [0.001, 2] with this schedule, got 14.6146"));
  REQUIRE_THAT(complaint([] { align_your_steps_times(azula::VESchedule{}); }),
               ContainsSubstring("a clean end needs a schedule that ends at sigma = 0"));
  REQUIRE_THAT(complaint([] { align_your_steps_times(azula::VESchedule{}, {.steps = 0}); }),
               ContainsSubstring("azula::align_your_steps_times: steps must be at least 1, got 0"));
}
