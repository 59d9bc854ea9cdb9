#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <vector>

namespace azula {

/// An iterative solver for linear systems M u = b whose matrix is only known by its products with vectors.
///
/// Every column of b is a system of its own, and all take the same number of products. After k products, u is the
/// element of the span of b, M b, …, M^(k-1) b with the smallest |b - M u|: generalised conjugate residuals, which in
/// exact arithmetic is GMRES. The residual cannot grow, whatever M is, so the Jacobian of a network need be neither
/// symmetric nor positive.
template <class T>
class MinimalResidual {
 public:
  using Array = Eigen::ArrayXX<T>;

  /// Sets the sizes; allocates only when one grows or changes.
  void resize(Eigen::Index rows, Eigen::Index columns, int iterations) {
    directions_.resize(static_cast<std::size_t>(iterations));
    products_.resize(static_cast<std::size_t>(iterations));
    for (Array& direction : directions_) direction.resize(rows, columns);
    for (Array& product : products_) product.resize(rows, columns);
    rest_.resize(rows, columns);
    solution_.resize(rows, columns);
  }

  /// Solves M u = b and returns u, which stays valid until the next call.
  /// \param multiply  multiply(v, out) writes out = M v
  const Array& solve(const Array& b, auto&& multiply) {
    solution_.setZero();
    rest_ = b;
    for (std::size_t k = 0; k < directions_.size(); ++k) {
      directions_[k] = rest_;
      multiply(static_cast<const Array&>(rest_), products_[k]);
      for (Eigen::Index j = 0; j < b.cols(); ++j) step(k, j);
    }
    return solution_;
  }

 private:
  void step(std::size_t k, Eigen::Index j) {
    auto direction = directions_[k].col(j);
    auto product = products_[k].col(j);
    const T before = product.square().sum();
    for (std::size_t i = 0; i < k; ++i) {
      const T norm = products_[i].col(j).square().sum();
      if (!(norm > T(0))) continue;
      const T share = (product * products_[i].col(j)).sum() / norm;
      direction -= share * directions_[i].col(j);
      product -= share * products_[i].col(j);
    }
    const T norm = product.square().sum();
    const T rounding = Eigen::NumTraits<T>::epsilon() * Eigen::NumTraits<T>::epsilon() * T(100);
    if (!(norm > rounding * before)) {  // the system is solved, or this direction adds nothing new
      product.setZero();
      return;
    }
    const T length = (rest_.col(j) * product).sum() / norm;
    solution_.col(j) += length * direction;
    rest_.col(j) -= length * product;
  }

  std::vector<Array> directions_, products_;
  Array rest_, solution_;
};

}  // namespace azula
