#pragma once

#include <Eigen/Core>

namespace examples {

/// The Gaussian fitted to a set of samples.
struct Moments {
  Eigen::VectorXd mean;
  Eigen::MatrixXd covariance;
};

/// One sample per column. In double: the covariance is a difference of large sums.
Moments moments(const Eigen::Ref<const Eigen::ArrayXXf>& samples);

/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^(1/2) C2 C1^(1/2))^(1/2)). The symmetric form of the product keeps every root
/// real; eigenvalues that rounding makes negative count as zero.
double frechet_distance(const Moments& first, const Moments& second);

}  // namespace examples
