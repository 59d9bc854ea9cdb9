#include "azula/time/beta_times.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/grid.hpp"

using azula::beta_times;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("quantiles of Beta distributions with closed forms are met", "[time]") {
  const double pi = std::acos(-1.0);
  for (const double p : {0.01, 0.2, 0.5, 0.77, 0.999}) {
    const double x = std::pow(std::sin(pi * p / 2), 2);
    REQUIRE(azula::incomplete_beta(0.5, 0.5, x) == Approx(p).epsilon(1e-13));  // arcsine law
    REQUIRE(azula::incomplete_beta(1, 3, p) == Approx(1 - std::pow(1 - p, 3)).epsilon(1e-13));
    REQUIRE(azula::incomplete_beta(4, 1, p) == Approx(std::pow(p, 4)).epsilon(1e-13));
    REQUIRE(azula::incomplete_beta(2, 2, p) == Approx(p * p * (3 - 2 * p)).epsilon(1e-13));
    REQUIRE(azula::incomplete_beta(0.6, 0.6, p) + azula::incomplete_beta(0.6, 0.6, 1 - p) ==
            Approx(1).epsilon(1e-13));
  }
  const auto arcsine = beta_times({.steps = 8, .alpha = 0.5, .beta = 0.5});
  require_grid(arcsine, 8, 1, 0);
  for (std::size_t i = 0; i <= 8; ++i) {
    REQUIRE(arcsine[i] == Approx(std::pow(std::cos(pi * static_cast<double>(i) / 16), 2)).margin(1e-14));
  }
  const auto even = beta_times({.start = 0.8, .stop = 0.2, .steps = 3, .alpha = 1, .beta = 1});
  REQUIRE(even[1] == Approx(0.6).epsilon(1e-14));
}

TEST_CASE("beta times out of range are errors that name the option", "[time]") {
  REQUIRE_THAT(complaint([] { beta_times({.alpha = 0}); }),
               ContainsSubstring("azula::beta_times: alpha must be in [0.01, 100], got 0"));
  REQUIRE_THAT(complaint([] { beta_times({.steps = -1}); }),
               ContainsSubstring("azula::beta_times: steps must be at least 0, got -1"));
}
