#include "catch.hpp"

#include "azula/concepts.hpp"
#include "azula/random/engine_source.hpp"

#include <Eigen/Core>

#include <random>

static_assert(azula::WholeDrawSource<azula::EngineSource<std::mt19937>, float>);
static_assert(azula::WholeDrawSource<azula::EngineSource<std::ranlux48>, double>);

TEST_CASE("an engine gives the values of std::normal_distribution and is advanced", "[engine]") {
  std::mt19937_64 engine(7), same(7);
  std::normal_distribution<double> normal;
  azula::EngineSource source(engine);
  Eigen::ArrayXd values(6);
  source.fill(values.head(4));
  source.fill(Eigen::Map<Eigen::ArrayXd>(values.data() + 4, 2));
  for (Eigen::Index i = 0; i < values.size(); ++i) CHECK(values[i] == normal(same));
  CHECK(engine == same);
}
