#pragma once
/// \file
/// Noise levels σ/α as diffusers spaces them, and the training steps that belong to them.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/interop/diffusers/spacing.hpp"
#include "azula/time/beta_times.hpp"

namespace azula::diffusers {

/// The noise levels σ/α of the training steps 0 … T-1, with interpolation between steps.
class SigmaTable {
 public:
  explicit SigmaTable(std::vector<double> sigmas) : sigmas_(std::move(sigmas)) {
    for (const double sigma : sigmas_) logs_.push_back(std::log(sigma));
  }

  std::ptrdiff_t steps() const { return static_cast<std::ptrdiff_t>(sigmas_.size()); }
  double first() const { return sigmas_.front(); }
  double last() const { return sigmas_.back(); }

  /// σ/α at a step, which may be fractional: interpolated linearly. Steps outside the table are clamped.
  double at(double step) const {
    const double inside = std::clamp(step, 0.0, static_cast<double>(steps() - 1));
    const auto k = (std::min)(static_cast<std::size_t>(inside), sigmas_.size() - 2);
    const double share = inside - static_cast<double>(k);
    return sigmas_[k] + share * (sigmas_[k + 1] - sigmas_[k]);
  }

  /// The step of a σ/α: interpolated linearly in log(σ/α). Values outside the table give its first or last step.
  double step_of(double sigma) const {
    const double log = std::log((std::max)(sigma, 1e-10));
    const auto next = std::upper_bound(logs_.begin(), logs_.end(), log);
    const auto k = std::clamp<std::ptrdiff_t>(next - logs_.begin() - 1, 0, steps() - 2);
    const double low = logs_[static_cast<std::size_t>(k)], high = logs_[static_cast<std::size_t>(k) + 1];
    return static_cast<double>(k) + std::clamp((log - low) / (high - low), 0.0, 1.0);
  }

 private:
  std::vector<double> sigmas_, logs_;
};

/// The largest and the smallest noise level of a run.
struct SigmaRange {
  double largest, smallest;
};

/// Karras' noise levels, evenly spaced in σ^(1/ρ).
inline std::vector<double> karras_sigmas(const SigmaRange& range, std::ptrdiff_t n, double rho = 7) {
  std::vector<double> sigmas = even(0, 1, n);
  const double noisy = std::pow(range.largest, 1 / rho), clean = std::pow(range.smallest, 1 / rho);
  for (double& sigma : sigmas) sigma = std::pow(noisy + sigma * (clean - noisy), rho);
  return sigmas;
}

/// Noise levels evenly spaced in log σ.
inline std::vector<double> exponential_sigmas(const SigmaRange& range, std::ptrdiff_t n) {
  std::vector<double> sigmas = even(std::log(range.largest), std::log(range.smallest), n);
  for (double& sigma : sigmas) sigma = std::exp(sigma);
  return sigmas;
}

/// σ of a flow model after a shift of its times.
inline double shifted(double sigma, double shift) {
  return shift * sigma / (1 + (shift - 1) * sigma);
}

/// Noise levels at quantiles of Beta(0.6, 0.6).
inline std::vector<double> beta_sigmas(const SigmaRange& range, std::ptrdiff_t n) {
  if (n == 1) return {range.largest};
  return beta_times({.start = range.largest, .stop = range.smallest, .steps = n - 1});
}

}  // namespace azula::diffusers
