#pragma once
/// \file

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/full_covariance.hpp"
#include "azula/denoise/posterior.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// The variances of the values of one sample, independent of each other; a single one is used for all.
struct DiagonalCovariance {
  Eigen::ArrayXd variance;
};

/// The exact denoiser of Gaussian data X ~ N(mean, Σ):
///
///     E[X | x_t] = mean + α Σ (α² Σ + σ² I)⁻¹ (x_t - α mean)
///
/// Σ is a number (isotropic), a vector or array (diagonal), or an Eigen::Matrix (full; factorised once, in
/// full_covariance.hpp). The mean is a number or a tensor. Sizes are those of one sample, used for all, or
/// of the whole state. Arithmetic in double; without allocation unless Σ is full. The oracle of the tests:
/// its flow is known in closed form.
template <class Covariance, Schedule S>
class GaussianDenoiser {
 public:
  /// \throws std::invalid_argument if the sizes of mean and variance differ, Σ is not square, a mean is not
  /// finite, or a variance is not finite or negative.
  template <class Mean, class Variance>
  GaussianDenoiser(const Mean& mean, const Variance& variance, S schedule)
      : mean_(flat_values(mean)), covariance_(covariance(variance)), schedule_(std::move(schedule)) {
    for (const double m : mean_) require(is_finite(m), "GaussianDenoiser", "means must be finite", m);
    for (const double v : covariance_.variance) {
      require(v >= 0 && is_finite(v), "GaussianDenoiser", "variances must be finite and not negative", v);
    }
    if (mean_.size() != 1 && covariance_.variance.size() != 1 && mean_.size() != covariance_.variance.size()) {
      reject("GaussianDenoiser", join({"mean and variance must be of one size, ", std::to_string(mean_.size())}),
             std::to_string(covariance_.variance.size()));
    }
  }

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if a sample of x_t has not the size of mean and variance.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    const auto scales = schedule_(t);
    const auto& values = contiguous(x_t);
    resize_like(mean, x_t);
    const auto x = cut(values);
    auto m = Eigen::Map<Eigen::ArrayXX<scalar_t<X>>>(mean.data(), x.rows(), x.cols());
    if constexpr (std::is_same_v<Covariance, FullCovariance>) {
      covariance_.denoise(x, mean_, scales.alpha, scales.sigma, m);
    } else {
      for (Eigen::Index i = 0; i < x.rows(); i += chunk) {
        denoise(i, std::min(chunk, x.rows() - i), x, scales.alpha, scales.sigma, m);
      }
    }
  }

  /// The exact posterior, N(E[X | x_t], v σ²/(α² v + σ²)); not for a full Σ.
  template <State X>
    requires std::is_same_v<Covariance, DiagonalCovariance>
  GaussianPosterior<plain_t<X>, Eigen::ArrayXd> posterior(const X& x_t, double t) const {
    const auto scales = schedule_(t);
    const double a2 = scales.alpha * scales.alpha, s2 = scales.sigma * scales.sigma;
    GaussianPosterior<plain_t<X>, Eigen::ArrayXd> result{
        x_t, covariance_.variance * s2 / (a2 * covariance_.variance + s2)};
    (*this)(x_t, t, result.mean);
    return result;
  }

 private:
  static constexpr Eigen::Index chunk = 128;  // rows whose two coefficients are kept on the stack

  template <class V>
  static Covariance covariance(const V& variance) {
    if constexpr (std::is_same_v<Covariance, FullCovariance>) {
      return FullCovariance(variance);
    } else {
      return {flat_values(variance)};
    }
  }

  /// The state as a matrix whose columns have the size of mean and variance.
  template <class X>
  auto cut(const X& x) const {
    const auto size = static_cast<Eigen::Index>(x.size());
    const Eigen::Index own = std::max(mean_.size(), covariance_.variance.size());
    const Eigen::Index sample = sample_shape(x).size;
    if (own != 1 && own != sample && own != size) {
      reject("GaussianDenoiser", join({"a sample must have ", std::to_string(own), " values"}),
             std::to_string(sample));
    }
    const Eigen::Index rows = own == 1 ? size : own;
    return Eigen::Map<const Eigen::ArrayXX<scalar_t<X>>>(x.data(), rows, rows == 0 ? 0 : size / rows);
  }

  template <class Input, class Output>
  void denoise(Eigen::Index from, Eigen::Index count, const Input& x, double alpha, double sigma, Output& m) const {
    using T = typename Input::Scalar;
    std::array<T, chunk> gains, offsets;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double v = covariance_.variance(covariance_.variance.size() == 1 ? 0 : from + i);
      const double total = alpha * alpha * v + sigma * sigma;
      gains[static_cast<std::size_t>(i)] = T(alpha * v / total);
      offsets[static_cast<std::size_t>(i)] = T(sigma * sigma / total * mean_(mean_.size() == 1 ? 0 : from + i));
    }
    const Eigen::Map<const Eigen::ArrayX<T>> gain(gains.data(), count), offset(offsets.data(), count);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      m.col(j).segment(from, count) = gain * x.col(j).segment(from, count) + offset;
    }
  }

  Eigen::ArrayXd mean_;
  Covariance covariance_;
  S schedule_;
};

/// Which covariance a variance means: full for a matrix that is not a vector, diagonal for all else.
template <class V>
inline constexpr bool is_full_covariance = [] {
  if constexpr (DenseExpression<V>) {
    return std::is_base_of_v<Eigen::MatrixBase<V>, V> && !V::IsVectorAtCompileTime;
  } else {
    return false;
  }
}();

template <class Mean, class Variance, class S>
GaussianDenoiser(const Mean&, const Variance&, S)
    -> GaussianDenoiser<std::conditional_t<is_full_covariance<Variance>, FullCovariance, DiagonalCovariance>, S>;

}  // namespace azula
