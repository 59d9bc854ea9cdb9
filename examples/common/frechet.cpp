#include "frechet.hpp"

#include <stdexcept>
#include <string>

#include "eigen_solver.hpp"

namespace examples {

Moments moments(const Eigen::Ref<const Eigen::ArrayXXf>& samples) {
  if (samples.cols() < 2) {
    throw std::invalid_argument("moments: at least 2 samples are needed, got " + std::to_string(samples.cols()));
  }
  Eigen::MatrixXd centred = samples.matrix().cast<double>();
  const Eigen::VectorXd mean = centred.rowwise().mean();
  centred.colwise() -= mean;
  const Eigen::MatrixXd covariance = centred * centred.transpose() / static_cast<double>(centred.cols() - 1);
  return {mean, covariance};
}

double frechet_distance(const Moments& first, const Moments& second) {
  using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;
  const Solver solver(first.covariance);
  const Eigen::VectorXd roots = solver.eigenvalues().cwiseMax(0.0).cwiseSqrt();
  const Eigen::MatrixXd root = solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
  const Solver product(root * second.covariance * root, Eigen::EigenvaluesOnly);
  const double cross = product.eigenvalues().cwiseMax(0.0).cwiseSqrt().sum();
  return (first.mean - second.mean).squaredNorm() + first.covariance.trace() + second.covariance.trace() - 2 * cross;
}

}  // namespace examples
