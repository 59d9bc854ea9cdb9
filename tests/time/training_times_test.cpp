#include "azula/time/training_times.hpp"

#include <cmath>
#include <vector>

#include "azula/noise/discrete_schedule.hpp"
#include "azula/time/leading_times.hpp"
#include "azula/time/linspace_times.hpp"
#include "azula/time/trailing_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::DiscreteSchedule;
using azula::GridEnd;
using azula::leading_times;
using azula::linspace_times;
using azula::trailing_times;
using azula::training_times;
using Catch::Matchers::ContainsSubstring;

namespace {

const DiscreteSchedule schedule(azula::linear_betas());

/// The training steps that are visited, and -1 for an end at σ = 0.
std::vector<double> steps_of(const std::vector<double>& times, const DiscreteSchedule& of = schedule) {
  std::vector<double> steps;
  for (const double t : times) steps.push_back(t == 0 ? -1 : of.training_time(t));
  return steps;
}

using Steps = std::vector<double>;

}  // namespace

TEST_CASE("training grids are the published lists of steps", "[time]") {
  // Turbo models: four trailing steps. DDIM with an offset of 1: five leading ones.
  REQUIRE(steps_of(trailing_times(schedule, {.steps = 4})) == Steps{999, 749, 499, 249, -1});
  REQUIRE(steps_of(leading_times(schedule, {.steps = 5, .offset = 1})) == Steps{801, 601, 401, 201, 1, -1});
  REQUIRE(steps_of(leading_times(schedule, {.steps = 4, .visit_first = false})) ==
          Steps{800, 600, 400, 200, -1});
  REQUIRE(steps_of(linspace_times(
              schedule, {.steps = 10, .rounded = true, .visit_first = false, .end = GridEnd::first_step})) ==
          Steps{999, 899, 799, 699, 599, 500, 400, 300, 200, 100, 0});
  REQUIRE(steps_of(linspace_times(schedule, {.steps = 4})) == Steps{999, 666, 333, 0, -1});
  REQUIRE(steps_of(linspace_times(schedule, {.steps = 1})) == Steps{999, -1});
  REQUIRE(steps_of(training_times(schedule, std::vector{999, 10, 3}, GridEnd::first_step)) ==
          Steps{999, 10, 3, 0});
}

TEST_CASE("a trailing grid has exactly N steps, the exact ones to half a step, for every N", "[time]") {
  for (const int count : {50, 999, 1000}) {
    const DiscreteSchedule of(azula::linear_betas({.steps = count}));
    for (int n = 1; n <= count; ++n) {
      CAPTURE(count, n);
      const auto steps = steps_of(trailing_times(of, {.steps = n}), of);
      REQUIRE(steps.size() == static_cast<std::size_t>(n) + 1);
      REQUIRE(steps.front() == count - 1);
      bool near = true, falls = true;
      for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        near = near && 2 * std::fabs((steps[k] + 1) * n - static_cast<double>(count) * (n - i)) <= n;
        falls = falls && steps[k + 1] < steps[k];
      }
      REQUIRE(near);
      REQUIRE(falls);
    }
  }
}

TEST_CASE("leading and rounded linspace grids have exactly N steps for every N", "[time]") {
  for (int n = 1; n <= 1000; ++n) {
    CAPTURE(n);
    for (const bool first : {true, false}) {
      if (n == 1000 && !first) continue;
      const auto leading = steps_of(leading_times(schedule, {.steps = n, .visit_first = first}));
      const auto linspace =
          steps_of(linspace_times(schedule, {.steps = n, .rounded = true, .visit_first = first}));
      REQUIRE(leading.size() == static_cast<std::size_t>(n) + 1);
      REQUIRE(linspace.size() == static_cast<std::size_t>(n) + 1);
      REQUIRE(linspace.front() == 999);
      const int ratio = 1000 / (n + (first ? 0 : 1)), intervals = n - (first ? 1 : 0);
      bool exact = true, near = true;
      for (int i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        exact = exact && leading[k] == (n - 1 - i + (first ? 0 : 1)) * ratio;
        near = near && (intervals == 0 ||
                        2 * std::fabs(linspace[k] * intervals - 999.0 * (intervals - i)) <= intervals);
        near = near && linspace[k + 1] < linspace[k];
      }
      REQUIRE(exact);
      REQUIRE(near);
    }
  }
}

TEST_CASE("halves are rounded to the even step, as numpy does", "[time]") {
  STATIC_REQUIRE(azula::rounded_ratio(5, 2) == 2);
  STATIC_REQUIRE(azula::rounded_ratio(7, 2) == 4);
  STATIC_REQUIRE(azula::rounded_ratio(2, 3) == 1);
  STATIC_REQUIRE(azula::rounded_ratio(1, 3) == 0);
  STATIC_REQUIRE(azula::rounded_ratio(0, 3) == 0);
}

TEST_CASE("impossible training grids are errors that say what is possible", "[time]") {
  REQUIRE_THAT(
      complaint([] { trailing_times(schedule, {.steps = 1001}); }),
      ContainsSubstring("azula::trailing_times: steps must be from 1 to 1000 with this schedule, got 1001"));
  REQUIRE_THAT(complaint([] { trailing_times(schedule, {.steps = 0}); }), ContainsSubstring("got 0"));
  REQUIRE_THAT(complaint([] { leading_times(schedule, {.steps = 1000, .visit_first = false}); }),
               ContainsSubstring("from 1 to 999"));
  REQUIRE_THAT(complaint([] { leading_times(schedule, {.steps = 1000, .offset = 1}); }),
               ContainsSubstring("got 1000 as the first"));
  REQUIRE_THAT(complaint([] { leading_times(schedule, {.offset = -1}); }),
               ContainsSubstring("offset must be at least 0, got -1"));
  REQUIRE_THAT(complaint([] { linspace_times(schedule, {.steps = 0}); }),
               ContainsSubstring("steps must be at least 1, got 0"));
  REQUIRE_THAT(complaint([] { linspace_times(schedule, {.steps = 10, .end = GridEnd::first_step}); }),
               ContainsSubstring("a grid that ends at training step 0 must visit a later one last, got 0"));
  REQUIRE_THAT(complaint([] {
                 training_times(schedule, std::vector{10, 20});
               }),
               ContainsSubstring("got 20 after 10"));
  REQUIRE_THAT(complaint([] { training_times(schedule, std::vector<int>{}); }),
               ContainsSubstring("at least one training step"));
}
