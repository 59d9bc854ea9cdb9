#pragma once
/// \file
/// A Gaussian process whose frames may have times of their own, as a denoiser in closed form.

#include <azula/concepts.hpp>
#include <azula/noise/rectified_schedule.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <cstddef>

namespace examples {

/// E[X | x_t] of frames X_0, X_1, … with cov(X_i, X_j) = r^|i - j|, of which every row of a state is one that is independent
/// of the others: with A = diag(α) and S = diag(σ²), whose entries belong to the frames' times, and K the covariance,
///
///     E[X | x_t] = K A (A K A + S)⁻¹ x_t
struct ProcessDenoiser {
  double correlation = 0.8;
  azula::RectifiedSchedule clock = {.alpha_min = 1e-6, .sigma_min = 1e-6};

  const azula::RectifiedSchedule& schedule() const { return clock; }

  static Eigen::MatrixXd covariance(double correlation, Eigen::Index frames) {
    return Eigen::MatrixXd::NullaryExpr(frames, frames, [=](Eigen::Index i, Eigen::Index j) {
      return std::pow(correlation, std::abs(static_cast<double>(i - j)));
    });
  }

  template <class X>
  void operator()(const X& x_t, const azula::SampleTimes& times, X& mean) const {
    const Eigen::ArrayXd alpha = times.unaryExpr([&](double t) { return clock(t).alpha; });
    const Eigen::ArrayXd sigma = times.unaryExpr([&](double t) { return clock(t).sigma; });
    const Eigen::MatrixXd k_a = covariance(correlation, times.size()) * alpha.matrix().asDiagonal();
    Eigen::MatrixXd seen = alpha.matrix().asDiagonal() * k_a;
    seen.diagonal() += sigma.square().matrix();
    const Eigen::MatrixXd weights = k_a * seen.ldlt().solve(Eigen::MatrixXd::Identity(times.size(), times.size()));
    using T = typename X::Scalar;
    mean = (x_t.matrix().template cast<double>() * weights.transpose()).array().template cast<T>();
  }
};

}  // namespace examples
