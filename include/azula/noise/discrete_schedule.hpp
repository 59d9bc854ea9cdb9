#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/noise/betas.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// What is interpolated, linearly in the step, between two training steps.
enum class Interpolation {
  linear,  ///< σ/α
  log,     ///< log σ/α
};

/// The schedule of a model trained on T discrete steps, as a continuous one over t in [0, 1]:
///
///     α_t = √ᾱ_k,    σ_t = √(1 - ᾱ_k),    ᾱ_k = Π_{j <= k} (1 - β_j)        at t = (k + 1)/T
///
/// exact at the training steps k = 0 … T-1; between them σ/α or its logarithm is linear in k. Below step 0
/// lies the data itself, α = 1 and σ = 0 at t = 0 (ᾱ_-1 = 1, as in the paper), with σ/α linear in between.
/// Next to a last step with α = 0 (zero terminal signal) α/σ is linear. α² + σ² = 1.
///
///     azula::DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
class DiscreteSchedule {
 public:
  /// \param betas  β_0 … β_(T-1), any range of numbers; see betas.hpp
  /// \throws std::invalid_argument unless they are in (0, 1), the last at most 1.
  template <class Betas>
  explicit DiscreteSchedule(const Betas& betas, Interpolation interpolation = Interpolation::linear)
      : DiscreteSchedule(log_alpha_bars(betas, "DiscreteSchedule"), interpolation, Logarithms{}) {}

  /// From the cumulative products ᾱ_k themselves (`alphas_cumprod`), in (0, 1) and falling; the last may be
  /// 0. \throws std::invalid_argument if they are not.
  template <class Products>
  static DiscreteSchedule from_alpha_bars(const Products& alpha_bars,
                                          Interpolation interpolation = Interpolation::linear) {
    std::vector<double> logs;
    double last = 1;
    for (const auto value : alpha_bars) {
      const auto product = static_cast<double>(value);
      if (!(product >= 0 && product < last) || is_nan(product)) {
        reject("DiscreteSchedule",
               "alpha_bars must fall from below 1 to 0 or above, at step " + std::to_string(logs.size()),
               show(product));
      }
      logs.push_back(std::log(last = product));
    }
    require(!logs.empty(), "DiscreteSchedule", "alpha_bars must not be empty, size", 0);
    return DiscreteSchedule(logs, interpolation, Logarithms{});
  }

  /// \throws std::invalid_argument if t is outside [0, 1].
  Scales operator()(double t) const {
    require(t >= 0 && t <= 1, "DiscreteSchedule", "the time must be in [0, 1]", t);
    const double position = position_at(t);
    const auto k = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(k);
    return share == 0 ? table_[k] : between(k, share);
  }

  /// The time at which log α/σ = `lambda`; 0 or 1 if there is none.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);
    const auto noisier = std::upper_bound(table_.begin(), table_.end(), Scales{a, s}, [](auto& x, auto& y) {
      return x.sigma * y.alpha < y.sigma * x.alpha;
    });
    if (noisier == table_.end()) return 1;
    const auto k = static_cast<std::size_t>(noisier - table_.begin()) - 1;
    return (static_cast<double>(k) + share_at(k, s / a)) / static_cast<double>(steps());
  }

  /// T, the number of training steps.
  std::ptrdiff_t steps() const { return static_cast<std::ptrdiff_t>(table_.size()) - 1; }

  /// t -> the network's own time, T t - 1, in [0, T-1] and fractional between training steps. A whole number
  /// wherever t came from time_of() of one; below step 0 it stays 0, the lowest the network knows.
  double training_time(double t) const { return (std::max)(0.0, position_at(t) - 1); }

  /// The network's own time -> t = (step + 1)/T; -1 is the clean end.
  /// \throws std::invalid_argument if step is outside [-1, T-1].
  double time_of(double step) const {
    if (!(step >= -1 && step <= static_cast<double>(steps() - 1)) || is_nan(step)) {
      reject("DiscreteSchedule", "the training step must be in [-1, " + std::to_string(steps() - 1) + "]",
             show(step));
    }
    return (step + 1) / static_cast<double>(steps());
  }

 private:
  struct Logarithms {};

  DiscreteSchedule(const std::vector<double>& log_alpha_bars, Interpolation interpolation, Logarithms)
      : table_{{1, 0}}, interpolation_(interpolation) {
    // 1 - ᾱ by expm1: at the first steps the difference would have lost four digits.
    for (const double log : log_alpha_bars)
      table_.push_back({std::exp(log / 2), std::sqrt(-std::expm1(log))});
  }

  /// T t, the place in the table, where ((k + 1)/T) T is k + 1 again: rounding may have made it a neighbour.
  double position_at(double t) const {
    const double position = t * static_cast<double>(steps());
    const double whole = std::round(position);
    return std::fabs(position - whole) <= 1e-15 * whole ? whole : position;
  }

  Scales between(std::size_t k, double share) const {
    const double rho_k = table_[k].sigma / table_[k].alpha;
    const double next = table_[k + 1].alpha / table_[k + 1].sigma;  // a reciprocal: 0 at zero terminal signal
    double rho = 0;
    if (next == 0) {
      rho = rho_k / (1 - share);
    } else if (k == 0 || interpolation_ == Interpolation::linear) {
      rho = (1 - share) * rho_k + share / next;
    } else {
      rho = std::exp((1 - share) * std::log(rho_k) - share * std::log(next));
    }
    const double alpha = 1 / std::hypot(1.0, rho);
    return {alpha, rho * alpha};
  }

  /// How far from place k to the next one σ/α is rho: the inverse of between().
  double share_at(std::size_t k, double rho) const {
    const double rho_k = table_[k].sigma / table_[k].alpha;
    const double next = table_[k + 1].sigma / table_[k + 1].alpha;
    if (table_[k + 1].alpha == 0) return 1 - rho_k / rho;
    if (k == 0 || interpolation_ == Interpolation::linear) return (rho - rho_k) / (next - rho_k);
    return std::log(rho / rho_k) / std::log(next / rho_k);
  }

  std::vector<Scales> table_;  // of the steps -1 … T-1
  Interpolation interpolation_;
};

}  // namespace azula
