#include "azula/is_finite.hpp"

#include <limits>

#include "catch.hpp"

using azula::is_finite;
using azula::is_nan;

TEMPLATE_TEST_CASE("what is finite is told from what is not, whatever the compiler's flags", "[is_finite]", float, double) {
  using Limits = std::numeric_limits<TestType>;
  for (const TestType value : {TestType(0), TestType(-1), Limits::max(), Limits::lowest(), Limits::denorm_min()}) {
    CHECK(is_finite(value));
    CHECK(is_finite(-value));
  }
  for (const TestType value : {Limits::infinity(), Limits::quiet_NaN(), Limits::signaling_NaN()}) {
    CHECK_FALSE(is_finite(value));
    CHECK_FALSE(is_finite(-value));
  }
  static_assert(is_finite(TestType(1)) && !is_finite(Limits::infinity()));
}

TEMPLATE_TEST_CASE("NaN is told from infinity, whatever the compiler's flags", "[is_finite]", float, double) {
  using Limits = std::numeric_limits<TestType>;
  for (const TestType value : {TestType(0), TestType(-1), Limits::max(), Limits::denorm_min(), Limits::infinity()}) {
    CHECK_FALSE(is_nan(value));
    CHECK_FALSE(is_nan(-value));
  }
  for (const TestType value : {Limits::quiet_NaN(), Limits::signaling_NaN()}) {
    CHECK(is_nan(value));
    CHECK(is_nan(-value));
  }
}
