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

/// The variances of values that are independent of each other.
struct DiagonalCovariance {
  Broadcast variance;  ///< one for each value, or one for all
};

/// The exact denoiser of Gaussian data X ~ N(mean, Σ), for first programs and tests, as it needs no network.
///
///     E[X | x_t] = mean + α Σ (α² Σ + σ² I)⁻¹ (x_t - α mean)
///
/// The flow of Gaussian data is known in closed form, so the tests compare samplers with it.
///
///     const azula::VPSchedule schedule;
///     const azula::GaussianDenoiser denoiser(/*mean=*/2.0, /*variance=*/0.25, schedule);
///
/// The mean is a number or a tensor. Σ is a number (isotropic), a vector or array (diagonal), or an Eigen::Matrix
/// (full, for one sample; it is factorised once, see full_covariance.hpp). Mean and variances have the shape of one
/// sample, which is used for all, or of the whole state, see Broadcast. Coefficients are computed in double, with a
/// full Σ the means, too. A call allocates nothing unless Σ is full or the state is a block or row of another one.
template <class Covariance, Schedule S>
class GaussianDenoiser {
 public:
  /// Takes the mean, the variance Σ and the schedule.
  /// \throws std::invalid_argument if the sizes of mean and variance differ, one of them is empty, Σ is not square or
  /// not symmetric, a mean is not finite, or a variance is negative or not finite.
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

  /// Writes E[X | x_t] into `mean`.
  /// \throws std::invalid_argument if the mean or the variance has neither the shape of a sample of x_t nor of x_t.
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
      // One row for each different coefficient; if all values have the same, the state is one column.
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

  /// Returns the exact posterior N(E[X | x_t], v σ²/(α² v + σ²)), with a variance for each value; not for a full Σ.
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
      const double total = a2 * v[i] + s2;
      variance.data()[i] = static_cast<scalar_t<X>>(total > 0 ? v[i] * s2 / total : 0);
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
      const double total = alpha * alpha * v + sigma * sigma;  // 0 where neither data nor noise vary
      const double share = total > 0 ? sigma * sigma / total : 1;
      gains[static_cast<std::size_t>(i)] = T(total > 0 ? alpha * v / total : 0);
      offsets[static_cast<std::size_t>(i)] = T(share * means.values[means.period == 1 ? 0 : from + i]);
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

/// Whether a variance of type V is a full covariance: a matrix that is not a vector. All else is diagonal.
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
