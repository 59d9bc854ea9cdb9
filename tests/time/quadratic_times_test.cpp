#include "azula/time/quadratic_times.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::quadratic_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("quadratic times are squares of even roots", "[time]") {
  const auto times = quadratic_times({.steps = 4});
  REQUIRE(times == std::vector{1.0, 0.5625, 0.25, 0.0625, 0.0});
  require_grid(quadratic_times({.start = 0.9, .stop = 0.1, .steps = 7, .power = 3}), 7, 0.9, 0.1);
  REQUIRE(quadratic_times({.stop = 0.125, .steps = 2, .power = 3})[1] == Approx(27.0 / 64));
}

TEST_CASE("quadratic times out of range are errors that name the option", "[time]") {
  REQUIRE_THAT(complaint([] { quadratic_times({.stop = -0.1}); }),
               ContainsSubstring("azula::quadratic_times: stop must be at least 0"));
  REQUIRE_THAT(complaint([] { quadratic_times({.power = 0}); }),
               ContainsSubstring("power must be in [0.01, 100], got 0"));
}
