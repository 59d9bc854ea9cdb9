#include "azula/guide/minimal_residual.hpp"

#include <Eigen/Core>
#include <Eigen/LU>

#include <cmath>

#include "catch.hpp"

namespace {

double residual(const Eigen::MatrixXd& m, const Eigen::ArrayXXd& b, int iterations) {
  azula::MinimalResidual<double> solver;
  solver.resize(b.rows(), b.cols(), iterations);
  const Eigen::ArrayXXd& u =
      solver.solve(b, [&](const auto& v, auto& out) { out = (m * v.matrix()).array(); });
  return ((m * u.matrix()).array() - b).matrix().norm();
}

}  // namespace

TEST_CASE("any regular system is solved in as many products as it has rows, and the residual never grows",
          "[guide]") {
  std::srand(4);
  for (int trial = 0; trial < 20; ++trial) {
    const Eigen::MatrixXd m = Eigen::MatrixXd::Random(5, 5) + 0.5 * Eigen::MatrixXd::Identity(5, 5);
    const Eigen::ArrayXXd b = Eigen::ArrayXXd::Random(5, 3);
    double last = b.matrix().norm();
    for (int k = 1; k <= 5; ++k) {
      const double norm = residual(m, b, k);
      REQUIRE(norm <= last * (1 + 1e-12));
      last = norm;
    }
    REQUIRE(last < 1e-7);
  }
}

TEST_CASE("k products give the smallest residual of the k-th Krylov space", "[guide]") {
  std::srand(5);
  const Eigen::MatrixXd m = Eigen::MatrixXd::Random(6, 6);
  const Eigen::VectorXd b = Eigen::VectorXd::Random(6);
  Eigen::MatrixXd images(6, 3);  // M b, M² b, M³ b
  images.col(0) = m * b;
  images.col(1) = m * images.col(0);
  images.col(2) = m * images.col(1);
  const Eigen::VectorXd best = (images.transpose() * images).fullPivLu().solve(images.transpose() * b);
  REQUIRE(residual(m, b.array(), 3) == Catch::Approx((images * best - b).norm()).epsilon(1e-6));
}

TEST_CASE("a solved column, and one of zeros, stay as they are", "[guide]") {
  Eigen::ArrayXXd b = Eigen::ArrayXXd::Zero(3, 2);
  b.col(1) << 1, 2, 3;
  azula::MinimalResidual<double> solver;
  solver.resize(3, 2, 5);
  const Eigen::ArrayXXd& u = solver.solve(b, [](const auto& v, auto& out) { out = 2 * v; });
  REQUIRE((u.col(0) == 0).all());
  REQUIRE((u.col(1) - b.col(1) / 2).abs().maxCoeff() < 1e-15);
}
