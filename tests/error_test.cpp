#include "azula/error.hpp"

#include <bit>
#include <cstdint>
#include <string>

#include "catch.hpp"
#include "support/complaint.hpp"

// Also compiled with -ffast-math: what is no number is known to be none only when the program runs.
namespace {

volatile std::uint64_t nan_bits = 0x7ff8000000000000, infinity_bits = 0x7ff0000000000000;

double number(const volatile std::uint64_t& bits) { return std::bit_cast<double>(std::uint64_t{bits}); }

}  // namespace

TEST_CASE("a value that is not finite fails every rule", "[error]") {
  const double nan = number(nan_bits), infinity = number(infinity_bits);
  const auto at_least_0 = [](double value) {
    return complaint([&] { azula::require(value >= 0, "Test", "x must be finite and at least 0", value); });
  };
  CHECK(at_least_0(0).empty());
  CHECK(at_least_0(1e300).empty());
  CHECK(at_least_0(-1) == "azula::Test: x must be finite and at least 0, got -1");
  CHECK(at_least_0(nan) == "azula::Test: x must be finite and at least 0, got nan");
  CHECK(at_least_0(infinity) == "azula::Test: x must be finite and at least 0, got inf");

  const auto within = [](double value) { return complaint([&] { azula::require_in(0, 1, "Test", "x", value); }); };
  CHECK(within(0).empty());
  CHECK(within(1).empty());
  CHECK(within(1.5) == "azula::Test: x must be in [0, 1], got 1.5");
  CHECK(within(-0.5) == "azula::Test: x must be in [0, 1], got -0.5");
  CHECK(within(nan) == "azula::Test: x must be in [0, 1], got nan");
  CHECK(within(infinity) == "azula::Test: x must be in [0, 1], got inf");
}

TEST_CASE("a bound may be infinite, but not NaN", "[error]") {
  const auto above_0 = [](double value) {
    return complaint([&] { azula::require_bound(value > 0, "Test", "high must be greater than low", value); });
  };
  CHECK(above_0(1).empty());
  CHECK(above_0(number(infinity_bits)).empty());
  CHECK(above_0(-1) == "azula::Test: high must be greater than low, got -1");
  CHECK(above_0(number(nan_bits)) == "azula::Test: high must be greater than low, got nan");
}
