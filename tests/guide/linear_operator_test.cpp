#include "azula/guide/linear_operator.hpp"

#include <Eigen/Core>

#include "azula/guide/measurement.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::MatrixOperator;
using azula::Measurement;
using azula::SelectionOperator;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// <A x, y> = <x, Aᵀ y>, sample by sample.
template <class A>
void require_adjoint(const A& a, Eigen::Index size) {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(size, 3), y = Eigen::ArrayXXd::Random(a.rows(), 3);
  Eigen::ArrayXXd ax(a.rows(), 3), aty(size, 3);
  a.apply(x, ax);
  a.adjoint(y, aty);
  for (Eigen::Index j = 0; j < 3; ++j)
    REQUIRE((ax.col(j) * y.col(j)).sum() == Approx((x.col(j) * aty.col(j)).sum()));
}

}  // namespace

TEST_CASE("operators and their adjoints belong together", "[guide]") {
  require_adjoint(SelectionOperator({4, 0, 2}), 5);
  require_adjoint(MatrixOperator(Eigen::MatrixXd::Random(4, 7)), 7);
  STATIC_REQUIRE(azula::LinearOperator<SelectionOperator, float>);
  STATIC_REQUIRE(azula::LinearOperator<MatrixOperator<float>, float>);
}

TEST_CASE("a selection picks in its order", "[guide]") {
  Eigen::ArrayXXd x(3, 1), y(2, 1);
  x << 10, 20, 30;
  SelectionOperator({2, 0}).apply(x, y);
  REQUIRE(y(0) == 30);
  REQUIRE(y(1) == 10);
}

TEST_CASE("a measurement's residual uses one column for all samples or one for each", "[guide]") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  Eigen::ArrayXXd r(1, 2);
  Measurement(SelectionOperator({1}), Eigen::ArrayXd::Constant(1, 5.0), "here").residual(x, r);
  REQUIRE(r(0, 1) == 5 - x(1, 1));
  Measurement(SelectionOperator({1}), Eigen::ArrayXXd{{5, 6}}, "here").residual(x, r);
  REQUIRE(r(0, 1) == 6 - x(1, 1));
}

TEST_CASE("operators and measurements that do not fit are errors that say what would", "[guide]") {
  REQUIRE_THAT(complaint([] { SelectionOperator({}); }), ContainsSubstring("at least one index is needed"));
  REQUIRE_THAT(complaint([] {
                 SelectionOperator({1, -2});
               }),
               ContainsSubstring("indices must be at least 0, got -2"));
  REQUIRE_THAT(complaint([] {
                 SelectionOperator({1, 2, 1});
               }),
               ContainsSubstring("indices must differ, got 1 twice"));
  Eigen::ArrayXXd x = Eigen::ArrayXXd::Zero(3, 2), y(1, 2);
  REQUIRE_THAT(complaint([&] { SelectionOperator({3}).apply(x, y); }),
               ContainsSubstring("less than the size of a sample, 3, got 3"));
  REQUIRE_THAT(complaint([&] { MatrixOperator(Eigen::MatrixXd::Zero(1, 4)).apply(x, y); }),
               ContainsSubstring("a sample must have 4 values, got 3"));
  REQUIRE_THAT(
      complaint([] { Measurement(SelectionOperator({0}), Eigen::Array2d(1, 2), "here"); }),
      ContainsSubstring("azula::here: the measurement must have 1 rows, one per row of the operator, got 2"));
  REQUIRE_THAT(complaint([] {
                 Measurement(SelectionOperator({0}), Eigen::ArrayXXd::Constant(1, 1, 1e308 * 10), "here");
               }),
               ContainsSubstring("must be finite"));
  const Measurement three(SelectionOperator({0}), Eigen::ArrayXXd::Zero(1, 3), "here");
  REQUIRE_THAT(complaint([&] { three.residual(x, y); }),
               ContainsSubstring("1 column or 2, one per sample, got 3"));
}
