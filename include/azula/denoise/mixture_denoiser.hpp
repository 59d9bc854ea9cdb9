#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// The exact denoiser of a mixture of isotropic Gaussians, X ~ Σ_k w_k N(μ_k, v_k I):
///
///     E[X | x_t] = Σ_k r_k (α v_k x_t + σ² μ_k)/s_k,    s_k = α² v_k + σ²,
///     r_k ∝ w_k s_k^(-D/2) exp(-|x_t - α μ_k|²/(2 s_k))
///
/// Shapes: K weights, D × K means (a component per column), K variances; D values per sample. All arithmetic
/// in double, without allocation.
template <Schedule S>
class MixtureDenoiser {
 public:
  /// \throws std::invalid_argument if the sizes differ, or a weight or a variance is not positive.
  MixtureDenoiser(Eigen::ArrayXd weights, Eigen::MatrixXd means, Eigen::ArrayXd variances, S schedule)
      : log_weights_(std::move(weights)), means_(std::move(means)), variances_(std::move(variances)),
        schedule_(std::move(schedule)) {
    const auto count = static_cast<double>(means_.cols());
    require(count >= 1, "MixtureDenoiser", "means must have at least one column", count);
    const std::string rule = " must have one value per column of means, " + show(count);
    if (log_weights_.size() != means_.cols()) reject("MixtureDenoiser", "weights" + rule, show(double(log_weights_.size())));
    if (variances_.size() != means_.cols()) reject("MixtureDenoiser", "variances" + rule, show(double(variances_.size())));
    for (const double w : log_weights_) require(w > 0 && std::isfinite(w), "MixtureDenoiser", "weights must be positive", w);
    for (const double v : variances_) require(v > 0 && std::isfinite(v), "MixtureDenoiser", "variances must be positive", v);
    log_weights_ = (log_weights_ / log_weights_.sum()).log();
  }

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if a sample of x_t has not D values.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    const auto x = samples(x_t);
    auto m = samples(mean);
    if (x.rows() != means_.rows()) {
      reject("MixtureDenoiser", "a sample must have " + std::to_string(means_.rows()) + " values", std::to_string(x.rows()));
    }
    for (Eigen::Index j = 0; j < x.cols(); ++j) average(x.col(j), m.col(j), t);
  }

 private:
  /// One sample: a softmax in a single pass, rescaled whenever a larger exponent turns up.
  template <class Column, class Mean>
  void average(const Column& x, Mean m, double t) const {
    using T = typename Column::Scalar;
    const auto scales = schedule_(t);
    const double a = scales.alpha, s = scales.sigma;
    double largest = -std::numeric_limits<double>::infinity(), total = 0, gain = 0;
    m.setZero();
    for (Eigen::Index k = 0; k < means_.cols(); ++k) {
      const double variance = a * a * variances_(k) + s * s;
      const double distance = (x.template cast<double>() - a * means_.col(k).array()).square().sum();
      const double exponent = log_weights_(k) - (static_cast<double>(x.size()) * std::log(variance) + distance / variance) / 2;
      const double rescale = exponent > largest ? std::exp(largest - exponent) : 1;
      largest = std::fmax(largest, exponent);
      const double share = std::exp(exponent - largest);
      total = total * rescale + share;
      gain = gain * rescale + share * a * variances_(k) / variance;
      m = (rescale * m.template cast<double>() + share * s * s / variance * means_.col(k).array()).template cast<T>();
    }
    m = ((m.template cast<double>() + gain * x.template cast<double>()) / total).template cast<T>();
  }

  Eigen::ArrayXd log_weights_;
  Eigen::MatrixXd means_;
  Eigen::ArrayXd variances_;
  S schedule_;
};

}  // namespace azula
