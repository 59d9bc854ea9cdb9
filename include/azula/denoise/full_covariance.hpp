#pragma once
/// \file

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <string>

#include "azula/error.hpp"

namespace azula {

/// A full covariance matrix Σ for GaussianDenoiser, factorised once as Σ = Q Λ Qᵀ.
///
/// In the basis Q the denoiser is diagonal at every noise level. This is a template so that only programs that use it
/// compile the factorisation, which takes seconds.
template <class Real>
struct FullCovarianceOf {
  Eigen::ArrayX<Real> variance;  ///< Λ, the variances along the columns of Q; not negative unless Σ is indefinite
  Eigen::MatrixX<Real> axes;     ///< Q, the eigenvectors of Σ

  /// Factorises Σ.
  /// \throws std::invalid_argument if Σ is empty, not square, or not symmetric to 1e-10 of its largest entry.
  template <class Matrix>
  explicit FullCovarianceOf(const Eigen::MatrixBase<Matrix>& matrix) {
    const Eigen::MatrixX<Real> sigma = matrix.template cast<Real>();
    if (sigma.rows() != sigma.cols() || sigma.rows() == 0) {
      reject("GaussianDenoiser", "a covariance matrix must be square and not empty",
             std::to_string(sigma.rows()) + " x " + std::to_string(sigma.cols()));
    }
    const double asymmetry = (sigma - sigma.transpose()).cwiseAbs().maxCoeff();
    require(asymmetry <= 1e-10 * sigma.cwiseAbs().maxCoeff(), "GaussianDenoiser",
            "a covariance matrix must be symmetric, largest difference", asymmetry);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixX<Real>> solver(sigma);
    variance = solver.eigenvalues().array();
    axes = solver.eigenvectors();
    // A singular Σ has eigenvalues of zero, which rounding may have made negative.
    const double rounding = 1e-12 * variance.abs().maxCoeff();
    variance = (variance < 0 && variance > -rounding).select(0, variance);
  }

  /// Writes m = mean + Q α Λ/(α² Λ + σ²) Qᵀ (x - α mean), one sample per column.
  template <class Input, class Mean, class Output>
  void denoise(const Input& x, const Mean& mean, double alpha, double sigma, Output& m) const {
    using T = typename Output::Scalar;
    const Eigen::VectorX<Real> centre = mean.matrix().replicate(mean.size() == 1 ? x.rows() : 1, 1);
    const Eigen::ArrayX<Real> total = alpha * alpha * variance + sigma * sigma;
    const Eigen::ArrayX<Real> gain = (total > 0).select(alpha * variance / total, 0);
    const Eigen::MatrixX<Real> centred = x.matrix().template cast<Real>().colwise() - alpha * centre;
    const Eigen::MatrixX<Real> along = gain.matrix().asDiagonal() * (axes.transpose() * centred);
    m = ((axes * along).colwise() + centre).array().template cast<T>();
  }
};

using FullCovariance = FullCovarianceOf<double>;

}  // namespace azula
