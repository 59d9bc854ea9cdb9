#pragma once
/// \file
/// Probability flows of one-dimensional data that are known exactly.

#include <Eigen/Core>

#include <cmath>
#include <functional>
#include <string>

#include "azula/noise/rectified_schedule.hpp"

struct Flow {
  std::string name;
  std::function<Eigen::ArrayXd(const Eigen::ArrayXd& x_t, double t)> mean;             ///< E[X | x_t]
  std::function<Eigen::ArrayXd(const Eigen::ArrayXd& x_t, double t, double s)> exact;  ///< from t to s
};

/// The schedule of the measurements, and their times; neither log σ/α nor σ/α is even along them.
inline constexpr azula::RectifiedSchedule order_schedule{.alpha_min = 1e-2, .sigma_min = 1e-2};
inline constexpr double order_start = 0.8, order_stop = 0.2;

/// X ~ N(0.7, v).
struct GaussianData {
  double variance;

  static constexpr double mean = 0.7;

  double total(double alpha, double sigma) const { return alpha * alpha * variance + sigma * sigma; }
  double gain(double alpha, double sigma) const { return alpha * variance / total(alpha, sigma); }
  double offset(double alpha, double sigma) const { return sigma * sigma * mean / total(alpha, sigma); }
};

/// Values of different variances, 0.02, 0.02 √2, 0.04, …: with a single one, an error is a single number,
/// which may pass through zero as the steps grow. The flow scales the distance from the mean with the
/// deviation.
inline Flow gaussian_flow() {
  const auto data = [](Eigen::Index i) {
    return GaussianData{0.02 * std::pow(2, 0.5 * static_cast<double>(i))};
  };
  const auto mean = [=](const Eigen::ArrayXd& x, double t) {
    const auto [a, s] = order_schedule(t);
    Eigen::ArrayXd m = x;
    for (Eigen::Index i = 0; i < m.size(); ++i) m(i) = data(i).gain(a, s) * x(i) + data(i).offset(a, s);
    return m;
  };
  const auto exact = [=](const Eigen::ArrayXd& x, double t, double s) {
    const auto from = order_schedule(t), to = order_schedule(s);
    Eigen::ArrayXd y = x;
    for (Eigen::Index i = 0; i < y.size(); ++i) {
      const double scale =
          std::sqrt(data(i).total(to.alpha, to.sigma) / data(i).total(from.alpha, from.sigma));
      y(i) = to.alpha * GaussianData::mean + scale * (x(i) - from.alpha * GaussianData::mean);
    }
    return y;
  };
  return {"Gaussian", mean, exact};
}

/// X ~ 0.4 N(-1, 0.4²) + 0.6 N(0.8, 0.5²).
struct MixtureData {
  static constexpr long double weight[2] = {0.4L, 0.6L}, mean[2] = {-1, 0.8L}, variance[2] = {0.16L, 0.25L};

  /// E[X | x_t = x].
  static double denoise(double x, double alpha, double sigma) {
    long double total = 0, sum = 0;
    for (int k = 0; k < 2; ++k) {
      const long double v = alpha * alpha * variance[k] + sigma * sigma, d = x - alpha * mean[k];
      const long double share = weight[k] * std::exp(-d * d / (2 * v)) / std::sqrt(v);
      total += share;
      sum += share * (alpha * variance[k] * x + sigma * sigma * mean[k]) / v;
    }
    return static_cast<double>(sum / total);
  }

  /// P(x_t <= x).
  static long double below(long double x, double alpha, double sigma) {
    long double sum = 0;
    for (int k = 0; k < 2; ++k) {
      const long double v = alpha * alpha * variance[k] + sigma * sigma;
      sum += weight[k] / 2 * std::erfc((alpha * mean[k] - x) / std::sqrt(2 * v));
    }
    return sum;
  }
};

/// In one dimension a flow keeps the order of the points, and so the share of the mass below each.
inline Flow mixture_flow() {
  const auto mean = [](const Eigen::ArrayXd& x, double t) -> Eigen::ArrayXd {
    const auto [a, s] = order_schedule(t);
    return x.unaryExpr([a = a, s = s](double value) { return MixtureData::denoise(value, a, s); });
  };
  const auto exact = [](const Eigen::ArrayXd& x, double t, double s) -> Eigen::ArrayXd {
    const auto from = order_schedule(t), to = order_schedule(s);
    return x.unaryExpr([&](double value) {
      const long double share = MixtureData::below(value, from.alpha, from.sigma);
      long double low = -10, high = 10;
      for (int i = 0; i < 80; ++i) {
        const long double middle = (low + high) / 2;
        (MixtureData::below(middle, to.alpha, to.sigma) < share ? low : high) = middle;
      }
      return static_cast<double>(high);
    });
  };
  return {"mixture", mean, exact};
}
