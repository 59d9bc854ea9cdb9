#include "azula/sample/shares.hpp"

#include <Eigen/Core>

#include <stdexcept>

#include "catch.hpp"
#include "support/complaint.hpp"

using azula::Shares;

TEST_CASE("shares follow each other, leave nothing out and differ by one at most", "[threads]") {
  for (const std::ptrdiff_t samples : {0, 1, 2, 7, 64, 1000}) {
    for (const std::ptrdiff_t count : {1, 2, 3, 7, 100}) {
      const Shares shares(samples, count);
      REQUIRE(shares.size() == count);
      std::ptrdiff_t next = 0;
      for (std::ptrdiff_t i = 0; i < count; ++i) {
        REQUIRE(shares[i].first == next);
        REQUIRE(shares[i].count >= samples / count);
        REQUIRE(shares[i].count <= samples / count + 1);
        next += shares[i].count;
      }
      REQUIRE(next == samples);
    }
  }
}

TEST_CASE("samples are dealt to one share at least", "[threads]") {
  CHECK(complaint<std::invalid_argument>([] { Shares(5, 0); }) == "azula::Shares: shares must be at least 1, got 0");
  CHECK(complaint<std::invalid_argument>([] { Shares(-1, 2); }) == "azula::Shares: samples must be at least 0, got -1");
}
