#include "catch.hpp"
#include "support/complaint.hpp"

#include "azula/concepts.hpp"
#include "azula/random/replay_source.hpp"

#include <Eigen/Core>

#include <stdexcept>
#include <type_traits>

static_assert(azula::WholeDrawSource<azula::ReplaySource<>, float>);
static_assert(azula::WholeDrawSource<azula::ReplaySource<float>, double>);

TEST_CASE("recorded noise comes back column by column, in any type of state", "[replay]") {
  const Eigen::MatrixXd draws = Eigen::MatrixXd::Random(5, 3);
  azula::ReplaySource source(draws);
  static_assert(std::is_same_v<decltype(source), azula::ReplaySource<double>>);
  Eigen::ArrayXd first(5);
  Eigen::ArrayXf second(5);
  source.fill(Eigen::Map<Eigen::ArrayXd>(first.data(), 5));
  source.fill(Eigen::Map<Eigen::ArrayXf>(second.data(), 5));
  CHECK((first == draws.col(0).array()).all());
  CHECK((second == draws.col(1).array().cast<float>()).all());
  CHECK(source.draw() == 2);
  source.rewind();
  source.fill(first);
  CHECK((first == draws.col(0).array()).all());
}

TEST_CASE("recorded noise that does not fit is an error that names rule and value", "[replay]") {
  azula::ReplaySource source(Eigen::ArrayXXf::Random(5, 2));
  Eigen::ArrayXf four(4), five(5);
  CHECK(complaint<std::invalid_argument>([&] { source.fill(four); }) ==
        "azula::ReplaySource: a draw must have 5 values, got 4");
  source.fill(five);
  source.fill(five);
  CHECK(complaint<std::invalid_argument>([&] { source.fill(five); }) ==
        "azula::ReplaySource: draws must have been recorded, numbered from 0, got draw 2 of 2");
  CHECK(complaint<std::invalid_argument>([&] { source.rewind(-1); }) ==
        "azula::ReplaySource: a draw must be between 0 and 2, got -1");
}
