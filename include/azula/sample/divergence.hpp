#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/random/draw.hpp"
#include "azula/sample/fill_state.hpp"

namespace azula {

/// Computes v·(∂m/∂x) v for each sample, the derivative of the denoised mean m in direction v, projected on v.
///
/// It is exact if the denoiser has jvp(x_t, t, v, out), which writes out = (∂m/∂x) v. Otherwise it is a central
/// difference over ±δ v, which costs two evaluations. Its step is δ = ε^(1/3) σ, with the machine epsilon ε, as m
/// varies on the scale of σ.
template <class D, class X>
Eigen::ArrayXd directional(const D& denoiser, X& x_t, double t, double sigma, const X& v, X& plus, X& minus,
                           std::ptrdiff_t& evaluations) {
  using T = scalar_t<X>;
  if constexpr (requires { denoiser.jvp(x_t, t, v, plus); }) {
    denoiser.jvp(x_t, t, v, plus);
    evaluations += 1;
    return (samples(v) * samples(plus)).template cast<double>().colwise().sum().transpose();
  } else {
    const T step = T(std::cbrt(static_cast<double>(std::numeric_limits<T>::epsilon())) * sigma);
    const X centre = x_t;
    samples(x_t) = samples(centre) + step * samples(v);
    evaluate(denoiser, x_t, t, plus);
    samples(x_t) = samples(centre) - step * samples(v);
    evaluate(denoiser, x_t, t, minus);
    x_t = centre;
    evaluations += 2;
    return (samples(v) * (samples(plus) - samples(minus))).template cast<double>().colwise().sum().transpose() /
           (2 * static_cast<double>(step));
  }
}

/// Computes the trace tr ∂m/∂x exactly, one direction per dimension. The only error is that of the differences which
/// directional() takes when the denoiser has no jvp(). For log_likelihood() with few dimensions.
class ExactTrace {
 public:
  static constexpr bool exact() { return true; }        ///< whether there is no error to estimate: yes
  static constexpr Eigen::Index probes() { return 1; }  ///< the number of results per sample

  /// Does nothing; the exact trace needs no preparation.
  template <class X>
  void start(const X&) {}

  /// Computes the trace at (x_t, t) and adds the number of evaluations to `evaluations`.
  /// \return the trace per sample, samples × 1
  template <class D, class X>
  Eigen::ArrayXXd operator()(const D& denoiser, X& x_t, double t, double sigma, std::ptrdiff_t& evaluations) const {
    X v = x_t, plus = x_t, minus = x_t;
    Eigen::ArrayXd total = Eigen::ArrayXd::Zero(samples(v).cols());
    for (Eigen::Index i = 0; i < samples(v).rows(); ++i) {
      samples(v).setZero();
      samples(v).row(i).setOnes();
      total += directional(denoiser, x_t, t, sigma, v, plus, minus, evaluations);
    }
    return total;
  }
};

/// Estimates the trace tr ∂m/∂x from a few random directions: Hutchinson's estimator. For log_likelihood() with many
/// dimensions.
///
///     const azula::HutchinsonTrace trace(azula::NormalSource(1), 16);   // 16 directions
///     const auto p = azula::log_likelihood(denoiser, x, trace);
///
/// The estimate is the mean of v·(∂m/∂x) v over vectors v of random signs. The vectors are drawn once and kept along
/// the whole path, so that the standard error is the standard error of the integral.
template <class Source>
class HutchinsonTrace {
 public:
  /// Makes an estimator with its own source of random directions.
  /// \param probes  number of random directions per sample; at least 2 for a standard error
  /// \throws std::invalid_argument unless `probes` is in [1, 1000000].
  explicit HutchinsonTrace(Source source, Eigen::Index probes = 8) : source_(std::move(source)), probes_(probes) {
    require_in(1, 1e6, "HutchinsonTrace", "probes", static_cast<double>(probes));
  }

  static constexpr bool exact() { return false; }  ///< whether there is no error to estimate: no, this is an estimate
  Eigen::Index probes() const { return probes_; }  ///< the number of results per sample

  /// Draws the random vectors: the signs of normal values.
  template <class X>
  void start(const X& like) {
    using T = scalar_t<X>;
    signs_.resize(static_cast<Eigen::Index>(value_count(like)), probes_);
    plain_t<X> draw = like;
    for (Eigen::Index k = 0; k < probes_; ++k) {
      fill_state(draw, source_, Draw{}.from);
      const Eigen::Map<const Eigen::ArrayX<T>> out(host_data(draw), value_count(draw));
      signs_.col(k) = (out < T(0)).select(Eigen::ArrayXd::Constant(out.size(), -1), Eigen::ArrayXd::Ones(out.size()));
    }
  }

  /// Computes the estimates at (x_t, t) and adds the number of evaluations to `evaluations`.
  /// \return the estimates, samples × probes
  template <class D, class X>
  Eigen::ArrayXXd operator()(const D& denoiser, X& x_t, double t, double sigma, std::ptrdiff_t& evaluations) const {
    using T = scalar_t<X>;
    X v = x_t, plus = x_t, minus = x_t;
    Eigen::ArrayXXd estimates(samples(v).cols(), probes_);
    for (Eigen::Index k = 0; k < probes_; ++k) {
      Eigen::Map<Eigen::ArrayX<T>>(host_data(v), value_count(v)) = signs_.col(k).template cast<T>();
      estimates.col(k) = directional(denoiser, x_t, t, sigma, v, plus, minus, evaluations);
    }
    return estimates;
  }

 private:
  Source source_;
  Eigen::Index probes_;
  Eigen::ArrayXXd signs_;
};

}  // namespace azula
