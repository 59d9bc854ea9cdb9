#pragma once
/// \file

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>

#include "azula/is_finite.hpp"

namespace azula {

/// Minimises |residual(w)|² from a given w by the Levenberg–Marquardt method with forward differences.
///
/// It makes at most `iterations` iterations, each of which computes w.size() + 1 to w.size() + 6 residuals, and never
/// ends higher than it began.
/// Nocedal and Wright, Numerical Optimization, section 10.3.
template <class Residual>
Eigen::VectorXd levenberg_marquardt(Eigen::VectorXd w, const Residual& residual, int iterations) {
  constexpr double difference = 1e-3;
  Eigen::VectorXd r = residual(w);
  double damping = 1e-2;
  for (int k = 0; k < iterations; ++k) {
    Eigen::MatrixXd jacobian(r.size(), w.size());
    for (Eigen::Index i = 0; i < w.size(); ++i) {
      Eigen::VectorXd moved = w;
      moved(i) += difference;
      jacobian.col(i) = (residual(moved) - r) / difference;
    }
    const Eigen::MatrixXd normal = jacobian.transpose() * jacobian;
    const Eigen::VectorXd gradient = jacobian.transpose() * r;
    const double before = r.squaredNorm();
    for (int tries = 0; tries < 6; ++tries, damping *= 6) {
      Eigen::MatrixXd damped = normal;
      damped.diagonal().array() += damping * (normal.diagonal().array() + 1e-9 * normal.trace());
      const Eigen::VectorXd next = w - damped.ldlt().solve(gradient);
      if (!all_finite(next)) continue;
      const Eigen::VectorXd r_next = residual(next);
      if (!(r_next.squaredNorm() < before)) continue;
      w = next;
      r = r_next;
      damping = (std::max)(damping / 10, 1e-8);
      break;
    }
    if (!(r.squaredNorm() < 0.999 * before)) break;
  }
  return w;
}

}  // namespace azula
