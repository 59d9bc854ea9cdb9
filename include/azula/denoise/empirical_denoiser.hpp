#pragma once
/// \file

#include <Eigen/Core>

#include <string>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// The exact denoiser of a data set whose points are equally likely and smoothed by a Gaussian of bandwidth h.
///
/// It needs no network; tests and examples compare solvers on its exact flow. The data are X ~ 1/N Σ_i N(y_i, h² I):
///
///     E[X | x_t] = (α h² x_t + σ² Σ_i r_i y_i)/s,    s = α² h² + σ²
///     r = softmax_i((α x_t·y_i - α² |y_i|²/2)/s)
///
/// The data are N points y_i of D values, a D × N matrix with one point per column; each sample of the state has D
/// values. h is at least 0. T is the scalar of the data, in which everything is calculated. A batch of B samples costs
/// two products with the data and needs an N × B matrix of memory.
///
///     const Eigen::MatrixXd data{{1, 2, 4}, {0, 0, 3}};  // three points of two values
///     const azula::EmpiricalDenoiser denoiser(data, /*bandwidth=*/0.1, schedule);
template <class T, Schedule S>
class EmpiricalDenoiser {
 public:
  /// Copies the data. \throws std::invalid_argument if there are none, they are not finite, or bandwidth < 0.
  template <class Y>
  EmpiricalDenoiser(const Eigen::DenseBase<Y>& data, double bandwidth, S schedule)
      : bandwidth_(bandwidth), schedule_(std::move(schedule)) {
    require(data.size() > 0, "EmpiricalDenoiser", "data must not be empty", static_cast<double>(data.size()));
    // Centred data keep the exponents small, which matters in float.
    centre_ = data.derived().matrix().rowwise().mean();
    data_ = data.derived().matrix().colwise() - centre_;
    half_norms_ = data_.colwise().squaredNorm().transpose() / T(2);
    require(all_finite(data_), "EmpiricalDenoiser", "data must be finite, sum", static_cast<double>(data_.sum()));
    require(bandwidth >= 0, "EmpiricalDenoiser", "bandwidth must be finite and at least 0", bandwidth);
  }

  const S& schedule() const { return schedule_; }

  /// Writes E[X | x_t] into `mean`. \throws std::invalid_argument unless each sample of x_t has D values.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    using Out = scalar_t<X>;
    const auto x = samples(x_t);
    if (x.rows() != data_.rows()) {
      reject("EmpiricalDenoiser", "a sample must have " + std::to_string(data_.rows()) + " values", std::to_string(x.rows()));
    }
    const auto scales = schedule_(t);
    const double a = scales.alpha, h2 = bandwidth_ * bandwidth_, noise = scales.sigma * scales.sigma;
    const double s = a * a * h2 + noise;
    if (s == 0) {  // x_t = α X, to the last digit
      mean = x_t;
      samples(mean) /= Out(a);
      return;
    }
    const Matrix centred = x.matrix().template cast<T>().colwise() - T(a) * centre_;
    Matrix weights = (T(a / s) * data_.transpose()) * centred;
    weights.colwise() -= T(a * a / s) * half_norms_;
    softmax(weights);
    const Matrix average = data_ * weights;
    resize_like(mean, x_t);
    samples(mean) = ((T(a * h2 / s) * centred + T(noise / s) * average).colwise() + centre_)
                        .array().template cast<Out>();
  }

 private:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

  static void softmax(Matrix& exponents) {
    for (Eigen::Index j = 0; j < exponents.cols(); ++j) {
      auto column = exponents.col(j).array();
      column = (column - column.maxCoeff()).exp();
      column /= column.sum();
    }
  }

  Vector centre_;
  Matrix data_;
  Vector half_norms_;
  double bandwidth_;
  S schedule_;
};

template <class Y, class S>
EmpiricalDenoiser(const Eigen::DenseBase<Y>&, double, S) -> EmpiricalDenoiser<typename Y::Scalar, S>;
template <class Y, class S>
  requires DenseExpression<Y>
EmpiricalDenoiser(const Y&, double, S) -> EmpiricalDenoiser<typename Y::Scalar, S>;

}  // namespace azula
