#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// A linear measurement y = A x, for the denoisers that condition on one: MMPSDenoiser, PiGDMDenoiser and DPSDenoiser.
///
/// x has D values per sample, y has M. Matrices hold one sample per column. SelectionOperator and MatrixOperator are
/// two such types; one of your own, a blur for example, needs
///
/// - `rows()`, which returns M
/// - `apply(x, y)`, which writes y = A x, from D × B to M × B
/// - `adjoint(y, x)`, which writes x = Aᵀ y, from M × B to D × B
template <class A, class T>
concept LinearOperator = requires(const A& a, const Eigen::ArrayXX<T>& in, Eigen::ArrayXX<T>& out) {
  { a.rows() } -> std::convertible_to<std::ptrdiff_t>;
  a.apply(in, out);
  a.adjoint(in, out);
};

/// A measurement of some of the values of a sample, for inpainting: y_k = x_(i_k).
///
///     azula::SelectionOperator first_three({0, 1, 2});
class SelectionOperator {
 public:
  /// Takes the indices i_k of the measured values, which count in the order of a sample's memory.
  /// \throws std::invalid_argument if there are none, or one is negative or appears twice.
  explicit SelectionOperator(std::vector<std::ptrdiff_t> indices) : indices_(std::move(indices)) {
    require(!indices_.empty(), "SelectionOperator", "at least one index is needed, number", 0);
    std::vector<std::ptrdiff_t> sorted = indices_;
    std::sort(sorted.begin(), sorted.end());
    require(sorted.front() >= 0, "SelectionOperator", "indices must be at least 0",
            static_cast<double>(sorted.front()));
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end())
      reject("SelectionOperator", "indices must differ", std::to_string(*twice) + " twice");
    largest_ = sorted.back();
  }

  std::ptrdiff_t rows() const { return static_cast<std::ptrdiff_t>(indices_.size()); }

  /// Writes y = A x, one sample per column. \throws std::invalid_argument if an index lies beyond the sample.
  void apply(const auto& x, auto& y) const {
    check(x.rows());
    for (std::size_t k = 0; k < indices_.size(); ++k)
      y.row(static_cast<Eigen::Index>(k)) = x.row(indices_[k]);
  }

  /// Writes x = Aᵀ y, one sample per column. \throws std::invalid_argument if an index lies beyond the sample.
  void adjoint(const auto& y, auto& x) const {
    check(x.rows());
    x.setZero();
    for (std::size_t k = 0; k < indices_.size(); ++k)
      x.row(indices_[k]) = y.row(static_cast<Eigen::Index>(k));
  }

 private:
  void check(std::ptrdiff_t size) const {
    if (largest_ >= size) {
      reject("SelectionOperator", "indices must be less than the size of a sample, " + std::to_string(size),
             std::to_string(largest_));
    }
  }

  std::vector<std::ptrdiff_t> indices_;
  std::ptrdiff_t largest_ = 0;
};

/// A measurement that is given as a matrix of M × D values, whose scalar is that of the states.
template <class T>
class MatrixOperator {
 public:
  /// Takes the matrix A.
  explicit MatrixOperator(Eigen::MatrixX<T> matrix) : matrix_(std::move(matrix)) {}

  std::ptrdiff_t rows() const { return matrix_.rows(); }

  /// Writes y = A x, one sample per column. \throws std::invalid_argument unless a sample has D values.
  void apply(const auto& x, auto& y) const {
    check(x.rows());
    y.matrix().noalias() = matrix_ * x.matrix();
  }

  /// Writes x = Aᵀ y, one sample per column. \throws std::invalid_argument unless a sample has D values.
  void adjoint(const auto& y, auto& x) const {
    check(x.rows());
    x.matrix().noalias() = matrix_.transpose() * y.matrix();
  }

 private:
  void check(std::ptrdiff_t size) const {
    if (matrix_.cols() == size) return;
    reject("MatrixOperator", "a sample must have " + std::to_string(matrix_.cols()) + " values",
           std::to_string(size));
  }

  Eigen::MatrixX<T> matrix_;
};

template <class M>
MatrixOperator(const Eigen::MatrixBase<M>&) -> MatrixOperator<typename M::Scalar>;

}  // namespace azula
