#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// The exact denoiser of a mixture of isotropic Gaussians, data with several modes for which no network is needed.
///
/// The data are X ~ Σ_k w_k N(μ_k, v_k I):
///
///     E[X | x_t] = Σ_k r_k (α v_k x_t + σ² μ_k)/s_k,    s_k = α² v_k + σ²,
///     r_k ∝ w_k s_k^(-D/2) exp(-|x_t - α μ_k|²/(2 s_k))
///
/// Shapes: K weights, D × K means with one component per column, and K variances; each sample of the state has D
/// values. The weights need not sum to 1. A call calculates in double, keeps the running mean in the scalar of the
/// state, and allocates nothing.
///
///     const Eigen::MatrixXd means{{-1, 1}};  // two modes of one value
///     const azula::MixtureDenoiser denoiser(Eigen::Array2d(0.3, 0.7), means, Eigen::Array2d(0.05, 0.1), schedule);
template <Schedule S>
class MixtureDenoiser {
 public:
  /// Takes weights w_k, means μ_k and variances v_k.
  /// \throws std::invalid_argument if the sizes differ, a mean is not finite, or a weight or a variance is not
  /// positive.
  MixtureDenoiser(Eigen::ArrayXd weights, Eigen::MatrixXd means, Eigen::ArrayXd variances, S schedule)
      : weights_(std::move(weights)), means_(std::move(means)), variances_(std::move(variances)),
        schedule_(std::move(schedule)) {
    const auto count = static_cast<double>(means_.cols());
    require(count >= 1, "MixtureDenoiser", "means must have at least one column", count);
    const std::string rule = " must have one value per column of means, " + show(count);
    if (weights_.size() != means_.cols()) reject("MixtureDenoiser", "weights" + rule, show(double(weights_.size())));
    if (variances_.size() != means_.cols()) reject("MixtureDenoiser", "variances" + rule, show(double(variances_.size())));
    for (const double m : means_.reshaped()) require_finite("MixtureDenoiser", "means must be finite", m);
    for (const double w : weights_) require(w > 0, "MixtureDenoiser", "weights must be positive", w);
    for (const double v : variances_) require(v > 0, "MixtureDenoiser", "variances must be positive", v);
  }

  const S& schedule() const { return schedule_; }

  /// Writes E[X | x_t] into `mean`. \throws std::invalid_argument unless each sample of x_t has D values.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    const auto x = samples(x_t);
    if (x.rows() != means_.rows()) {
      reject("MixtureDenoiser", "a sample must have " + std::to_string(means_.rows()) + " values", std::to_string(x.rows()));
    }
    resize_like(mean, x_t);
    auto m = samples(mean);
    for (Eigen::Index j = 0; j < x.cols(); ++j) average(x.col(j), m.col(j), t);
  }

 private:
  /// μ_k, for a state of scalar T. A template, so that Eigen's expressions with it compile only where they are used.
  template <class T>
  auto component(Eigen::Index k) const {
    using Values = Eigen::ArrayX<std::common_type_t<T, double>>;
    return Eigen::Map<const Values>(means_.data() + k * means_.rows(), means_.rows());
  }

  /// Writes the mean of one sample: a softmax in a single pass, relative to the likeliest component so far.
  template <class Column, class Mean>
  void average(const Column& x, Mean m, double t) const {
    using T = typename Column::Scalar;
    const auto scales = schedule_(t);
    const double a = scales.alpha, s = scales.sigma;
    double total = 0, gain = 0, distance = 0;
    Eigen::Index best = 0;
    m.setZero();
    for (Eigen::Index k = 0; k < means_.cols(); ++k) {
      const double exponent = k == 0 ? 0 : log_ratio(x, a, s, k, best, distance);
      double share = weights_(k), kept = 1;
      (exponent > 0 ? kept : share) *= std::exp(-std::fabs(exponent));
      if (k == 0 || exponent > 0) {
        best = k;
        distance = (x.template cast<double>() - a * component<T>(k)).square().sum();
      }
      const double variance = a * a * variances_(k) + s * s;
      total = total * kept + share;
      gain = gain * kept + share * a * variances_(k) / variance;
      m = (kept * m.template cast<double>() + share * s * s / variance * component<T>(k)).template cast<T>();
    }
    m = ((m.template cast<double>() + gain * x.template cast<double>()) / total).template cast<T>();
  }

  /// Returns log N(x; α μ_k, s_k I)/N(x; α μ_b, s_b I), where distance = |x - α μ_b|².
  ///
  /// It is computed from differences between the components. Where noise makes them nearly alike, the difference of two
  /// separate logarithms would lose its digits.
  template <class Column>
  double log_ratio(const Column& x, double a, double s, Eigen::Index k, Eigen::Index b, double distance) const {
    const auto mu_k = component<typename Column::Scalar>(k), mu_b = component<typename Column::Scalar>(b);
    const double nearer = a * ((mu_k - mu_b) * (2 * x.template cast<double>() - a * (mu_k + mu_b))).sum();
    const double wider = a * a * (variances_(k) - variances_(b)) / (a * a * variances_(b) + s * s);
    const double variance = a * a * variances_(k) + s * s;
    return ((nearer + distance * wider) / variance - static_cast<double>(x.size()) * std::log1p(wider)) / 2;
  }

  Eigen::ArrayXd weights_;
  Eigen::MatrixXd means_;
  Eigen::ArrayXd variances_;
  S schedule_;
};

}  // namespace azula
