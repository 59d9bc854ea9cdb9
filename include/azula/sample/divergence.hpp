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

/// v·(∂m/∂x) v for each sample. If the denoiser has jvp(x_t, t, v, out), out = (∂m/∂x) v, it is exact;
/// otherwise a central difference over ±δ v with δ = ε^(1/3) σ, as m varies on the scale of σ: two evaluations.
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

/// tr ∂m/∂x, exactly but for the differences of directional(): one direction per dimension.
class ExactTrace {
 public:
  static constexpr bool exact() { return true; }        ///< there is no error to estimate
  static constexpr Eigen::Index probes() { return 1; }  ///< one result per sample

  /// Nothing to prepare.
  template <class X>
  void start(const X&) {}

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

/// Hutchinson's estimate of tr ∂m/∂x: the mean of v·(∂m/∂x) v over a few random vectors of signs, drawn once
/// and held along the path, so that the standard error is that of the whole integral.
template <class Source>
class HutchinsonTrace {
 public:
  /// \throws std::invalid_argument unless probes are in [1, 1000000]
  explicit HutchinsonTrace(Source source, Eigen::Index probes = 8) : source_(std::move(source)), probes_(probes) {
    require_in(1, 1e6, "HutchinsonTrace", "probes", static_cast<double>(probes));
  }

  static constexpr bool exact() { return false; }  ///< an estimate
  Eigen::Index probes() const { return probes_; }  ///< results per sample

  /// Draws the vectors: signs of normal values.
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
