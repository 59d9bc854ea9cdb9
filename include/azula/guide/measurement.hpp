#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <string>
#include <utility>

#include "azula/error.hpp"
#include "azula/guide/linear_operator.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// A measurement y = A x + noise together with its operator A, as the posterior samplers keep it.
template <class A>
class Measurement {
 public:
  /// Takes the operator and the measured values.
  /// \param y      M values for all samples, or M × B, one column per sample
  /// \param where  the function that error messages name
  /// \throws std::invalid_argument if y does not have M rows or is not finite.
  template <class Y>
  Measurement(A a, const Eigen::DenseBase<Y>& y, const char* where)
      : operator_(std::move(a)), y_(y.derived().template cast<double>()), where_(where) {
    if (y_.rows() != operator_.rows()) {
      reject(where,
             "the measurement must have " + std::to_string(operator_.rows()) +
                 " rows, one per row of the operator",
             std::to_string(y_.rows()));
    }
    if (!all_finite(y_)) reject(where, "the measurement must be finite", "NaN or infinity");
  }

  std::ptrdiff_t rows() const { return operator_.rows(); }
  const A& linear() const { return operator_; }  ///< the operator A

  /// Writes the residual r = y - A mean, one sample per column.
  /// \throws std::invalid_argument if y has neither one column nor one for each sample.
  template <class Mean, class T>
  void residual(const Mean& mean, Eigen::ArrayXX<T>& r) const {
    static_assert(LinearOperator<A, T>, "azula: not a linear operator for this scalar, see LinearOperator");
    if (y_.cols() != 1 && y_.cols() != mean.cols()) {
      reject(where_,
             "the measurement must have 1 column or " + std::to_string(mean.cols()) + ", one per sample",
             std::to_string(y_.cols()));
    }
    operator_.apply(mean, r);
    for (Eigen::Index j = 0; j < r.cols(); ++j) {
      r.col(j) = y_.col(y_.cols() == 1 ? 0 : j).template cast<T>() - r.col(j);
    }
  }

 private:
  A operator_;
  Eigen::ArrayXXd y_;
  const char* where_;
};

}  // namespace azula
