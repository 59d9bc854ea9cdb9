#pragma once

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <stdexcept>
#include <string>

namespace examples {

/// The Gaussian fitted to a set of samples.
struct Moments {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

/// One sample per column. In double, whatever the samples are: the covariance is a difference of large sums.
template <class Samples>
Moments moments(const Eigen::DenseBase<Samples>& samples) {
  if (samples.cols() < 2) {
    throw std::invalid_argument("moments: at least 2 samples are needed, got " + std::to_string(samples.cols()));
  }
  Eigen::MatrixXd centred = samples.derived().matrix().template cast<double>();
  const Eigen::VectorXd mean = centred.rowwise().mean();
  centred.colwise() -= mean;
  const Eigen::MatrixXd covariance = centred * centred.transpose() / static_cast<double>(centred.cols() - 1);
  return {mean, covariance};
}

/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^(1/2) C2 C1^(1/2))^(1/2)). The symmetric form of the product keeps every root
/// real; eigenvalues that rounding makes negative count as zero.
inline double frechet_distance(const Moments& first, const Moments& second) {
  using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
  const Solver solver(first.covariance);
  const Eigen::VectorXd roots = solver.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  const Eigen::MatrixXd root = solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
  const Solver product(root * second.covariance * root, Eigen::EigenvaluesOnly);
  const double cross = product.eigenvalues().cwiseMax(0.0).cwiseSqrt().sum();
  return (first.mean - second.mean).squaredNorm() + first.covariance.trace() + second.covariance.trace() - 2 * cross;
}

}  // namespace examples
