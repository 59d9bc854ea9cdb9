#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/broadcast.hpp"
#include "azula/concepts.hpp"
#include "azula/denoise/full_covariance.hpp"
#include "azula/denoise/posterior.hpp"
#include "azula/error.hpp"

namespace azula {

/// Variances of values that are independent of each other.
struct DiagonalCovariance {
  Broadcast variance;  ///< of each value, or one for all
};

/// The exact denoiser of Gaussian data X ~ N(mean, Σ):
///
///     E[X | x_t] = mean + α Σ (α² Σ + σ² I)⁻¹ (x_t - α mean)
///
/// Σ is a number (isotropic), a vector or array (diagonal), or an Eigen::Matrix (full, of one sample; factorised
/// once, in full_covariance.hpp). The mean is a number or a tensor. Mean and variances are those of one sample,
/// used for all, or of the whole state, see Broadcast. Arithmetic in double; without allocation unless Σ is full or
/// the state a block or row of another one. The oracle of the tests: its flow is known in closed form.
template <class Covariance, Schedule S>
class GaussianDenoiser {
 public:
  /// \throws std::invalid_argument if the sizes of mean and variance differ, one is empty, Σ is not square, a mean is
  /// not finite, or a variance is not finite or negative.
  template <class Mean, class Variance>
  GaussianDenoiser(const Mean& mean, const Variance& variance, S schedule)
      : mean_("GaussianDenoiser", "the mean", mean),
        covariance_(covariance(variance)),
        schedule_(std::move(schedule)) {
    for (const double m : mean_) require_finite("GaussianDenoiser", "means must be finite", m);
    for (const double v : covariance_.variance) {
      require(v >= 0, "GaussianDenoiser", "variances must be finite and not negative", v);
    }
    const auto count = static_cast<std::ptrdiff_t>(covariance_.variance.size());
    if (mean_.size() != 1 && count != 1 && mean_.size() != count) {
      reject("GaussianDenoiser", join({"mean and variance must be of one size, ", std::to_string(mean_.size())}),
             std::to_string(count));
    }
  }

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if mean or variance have neither the shape of a sample of x_t nor that of x_t.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    const auto scales = schedule_(t);
    const auto& values = contiguous(x_t);
    resize_like(mean, x_t);
    const Spread means = mean_.over(x_t);
    if constexpr (full) {
      require_size(sample_shape(x_t).size);
      auto m = samples(mean);
      const Eigen::Map<const Eigen::ArrayXd> centre(means.values, means.period);
      covariance_.denoise(samples(values), centre, scales.alpha, scales.sigma, m);
    } else {
      const Spread variances = covariance_.variance.over(x_t);
      // The rows are as many as there are different coefficients; if all are alike, one column is all of the state.
      const auto size = static_cast<Eigen::Index>(value_count(x_t));
      const Eigen::Index own = (std::max)(means.period, variances.period), rows = own == 1 ? size : own;
      const Eigen::Index columns = rows == 0 ? 0 : size / rows;
      const Eigen::Map<const Eigen::ArrayXX<scalar_t<X>>> x(host_data(values), rows, columns);
      Eigen::Map<Eigen::ArrayXX<scalar_t<plain_t<X>>>> m(host_data(mean), rows, columns);
      for (Eigen::Index i = 0; i < rows; i += chunk) {
        denoise(i, (std::min)(chunk, rows - i), x, means, variances, scales.alpha, scales.sigma, m);
      }
    }
  }

  /// The exact posterior, N(E[X | x_t], v σ²/(α² v + σ²)), with a variance for each value; not for a full Σ.
  template <State X>
    requires std::is_same_v<Covariance, DiagonalCovariance>
  GaussianPosterior<plain_t<X>, plain_t<X>> posterior(const X& x_t, double t) const {
    const auto scales = schedule_(t);
    const double a2 = scales.alpha * scales.alpha, s2 = scales.sigma * scales.sigma;
    GaussianPosterior<plain_t<X>, plain_t<X>> result{x_t, x_t};
    (*this)(x_t, t, result.mean);
    const Spread v = covariance_.variance.over(x_t);
    auto variance = samples(result.variance);
    for (Eigen::Index i = 0; i < variance.size(); ++i) {
      variance.data()[i] = static_cast<scalar_t<X>>(v[i] * s2 / (a2 * v[i] + s2));
    }
    return result;
  }

 private:
  static constexpr bool full = std::is_same_v<Covariance, FullCovariance>;
  static constexpr Eigen::Index chunk = 128;  // rows whose two coefficients are kept on the stack

  template <class V>
  static Covariance covariance(const V& variance) {
    if constexpr (full) {
      return FullCovariance(variance);
    } else {
      return {Broadcast("GaussianDenoiser", "the variance", variance)};
    }
  }

  void require_size(Eigen::Index sample) const {
    if (covariance_.variance.size() == sample) return;
    const std::string size = std::to_string(covariance_.variance.size());
    reject("GaussianDenoiser", join({"a sample must have the ", size, " values of the covariance"}),
           std::to_string(sample));
  }

  template <class Input, class Output>
  static void denoise(Eigen::Index from, Eigen::Index count, const Input& x, const Spread& means,
                      const Spread& variances, double alpha, double sigma, Output& m) {
    using T = real_t<typename Input::Scalar>;
    std::array<T, chunk> gains, offsets;
    for (Eigen::Index i = 0; i < count; ++i) {
      const double v = variances.values[variances.period == 1 ? 0 : from + i];
      const double total = alpha * alpha * v + sigma * sigma;
      gains[static_cast<std::size_t>(i)] = T(alpha * v / total);
      offsets[static_cast<std::size_t>(i)] = T(sigma * sigma / total * means.values[means.period == 1 ? 0 : from + i]);
    }
    const Eigen::Map<const Eigen::ArrayX<T>> gain(gains.data(), count), offset(offsets.data(), count);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const auto values = x.col(j).segment(from, count).template cast<T>();
      m.col(j).segment(from, count) = (gain * values + offset).template cast<typename Output::Scalar>();
    }
  }

  Broadcast mean_;
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
