#include "azula/integrate/psi.hpp"

#include <cmath>

#include "catch.hpp"

namespace {

/// e^-h Σ_n h^(n+k+1)/(n! k! (n+k+1)): all terms are positive, so nothing cancels.
long double series(int k, long double h) {
  long double power = 1;
  for (int j = 1; j <= k; ++j) power *= h / j;
  power *= h;
  long double sum = 0;
  for (int n = 0; n < 400; ++n) {
    sum += power / (n + k + 1);
    power *= h / (n + 1);
  }
  return std::exp(-h) * sum;
}

}  // namespace

TEST_CASE("psi is right to rounding for short and long steps", "[psi]") {
  for (int k = 0; k <= 3; ++k) {
    for (double h = 1e-12; h < 50; h *= 1.1) {
      INFO("k = " << k << ", h = " << h);
      const long double expected = series(k, h);
      CHECK(std::fabs(static_cast<double>(azula::psi(k, h) / expected - 1)) < 2e-14);
    }
  }
}

TEST_CASE("psi at its limits", "[psi]") {
  CHECK(azula::psi(0, 0) == 0);
  CHECK(azula::psi(3, 0) == 0);
  CHECK(azula::psi(0, INFINITY) == 1);
}
