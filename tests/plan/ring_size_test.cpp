/// \file
/// How many predictions a run must hold.

#include <string>
#include <vector>

#include "azula/plan/ring_size.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using Stages = std::vector<azula::Stage>;

std::size_t size_of(const Stages& stages, int history = 8) { return azula::ring_size(stages, "Own", history); }

}  // namespace

TEST_CASE("a run holds what its stages read and no more", "[ring_size]") {
  CHECK(size_of({{}, {}, {}}) == 1);
  CHECK(size_of({{}, {.older = 1}, {.older = 1}}) == 2);
  CHECK(size_of({{}, {.older = 1}, {.older = 2}, {.older = 1}}) == 3);
  CHECK(size_of({{.evaluates = false}, {}, {.older = 1}}) == 2);
  CHECK(size_of({{}, {.older = 1, .evaluates = false}, {}}) == 2);
}

TEST_CASE("what was forgotten has overwritten nothing that is read later", "[ring_size]") {
  // The third prediction is forgotten with the second; the fourth reads the first, which a ring of two has lost.
  const Stages stages{{}, {}, {.drop = 2}, {.older = 1}};
  CHECK(size_of(stages) == 3);
  CHECK(complaint<std::invalid_argument>([&] { size_of(stages, 2); }) ==
        "azula::Own: the method's history must hold what its stages read, got 2");
}
