#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <type_traits>

#include "azula/broadcast.hpp"
#include "azula/error.hpp"
#include "azula/state.hpp"

namespace azula {

/// A posterior p(X | x_t) that puts all its mass on the mean, E[X | x_t].
///
/// It is the posterior of denoisers around networks, which know no variance, as in the Python package azula.
template <class X>
struct DiracPosterior {
  X mean;  ///< E[X | x_t]

  /// Returns log p(x) for each sample: ∞ where x equals the mean, otherwise -∞.
  /// \throws std::invalid_argument unless x has the shape of the mean.
  template <State Y>
  Eigen::ArrayXd log_prob(const Y& x) const {
    require_shape(x, mean, "DiracPosterior", "x must have the shape of the mean");
    const auto& values = contiguous(x);
    const auto at = samples(values);
    const auto centre = samples(mean);
    Eigen::ArrayXd result(at.cols());
    for (Eigen::Index j = 0; j < at.cols(); ++j) {
      const double infinity = std::numeric_limits<double>::infinity();
      result(j) = (at.col(j) == centre.col(j)).all() ? infinity : -infinity;
    }
    return result;
  }
};

/// A Gaussian posterior p(X | x_t) with independent values, N(mean, variance).
///
/// The variance is one number, the values of one sample, which are used for all, or one value for each of the state;
/// see Broadcast.
template <class X, class V = double>
struct GaussianPosterior {
  X mean;      ///< E[X | x_t]
  V variance;  ///< Var[X | x_t] > 0

  /// Returns log p(x) for each sample, summed over its D values:
  ///
  ///     log p(x) = -½ Σ_i ((x_i - mean_i)²/v_i + log 2π v_i)
  ///
  /// The Python package azula gives it for each value instead.
  /// \throws std::invalid_argument unless x has the shape of the mean, the shape of the variance fits, and all
  /// variances are positive.
  template <State Y>
  Eigen::ArrayXd log_prob(const Y& x) const {
    require_shape(x, mean, "GaussianPosterior", "x must have the shape of the mean");
    const auto& values = contiguous(x);
    const auto at = samples(values);
    const auto centre = samples(mean);
    const Broadcast variances("GaussianPosterior", "the variance", variance);
    const Spread v = variances.over(x);
    Eigen::ArrayXd result = Eigen::ArrayXd::Zero(at.cols());
    for (Eigen::Index i = 0; i < at.size(); ++i) {
      require(v[i] > 0, "GaussianPosterior", "the variance must be positive", v[i]);
      const double difference = static_cast<double>(at.data()[i]) - static_cast<double>(centre.data()[i]);
      result(i / at.rows()) -= (difference * difference / v[i] + std::log(2 * std::numbers::pi * v[i])) / 2;
    }
    return result;
  }
};

template <class X>
DiracPosterior(X) -> DiracPosterior<X>;
template <class X, class V>
GaussianPosterior(X, V) -> GaussianPosterior<X, V>;

}  // namespace azula
