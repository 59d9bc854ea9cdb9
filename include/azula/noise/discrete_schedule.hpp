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
#include "azula/noise/time_interval.hpp"

namespace azula {

/// The quantity that DiscreteSchedule interpolates linearly between two training steps.
enum class Interpolation {
  linear,  ///< σ/α
  log,     ///< log σ/α
};

/// The noise schedule of models that were trained on T discrete steps, such as DDPM, Stable Diffusion and most
/// diffusion policies.
///
///     α_t = √ᾱ_k,    σ_t = √(1 - ᾱ_k),    ᾱ_k = Π_{j <= k} (1 - β_j),    t = (k + 1)/T
///
/// The schedule is continuous in t in [0, 1], with α² + σ² = 1 everywhere. It is exact at the training steps
/// k = 0 … T-1. Between them σ/α or its logarithm is linear in k, see Interpolation. t = 0 is the data: α = 1 and σ = 0
/// (ᾱ_-1 = 1 in the paper), and σ/α is always linear between there and step 0. If the last step has α = 0 (zero
/// terminal SNR), α/σ is linear between it and the step before.
///
///     azula::DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
class DiscreteSchedule {
 public:
  /// Makes the schedule of the betas that a model was trained with.
  /// \param betas  β_0 … β_(T-1), any range of numbers; betas.hpp has the usual ones
  /// \throws std::invalid_argument unless there is at least one and all are in (0, 1); the last one may be 1.
  template <class Betas>
  explicit DiscreteSchedule(const Betas& betas, Interpolation interpolation = Interpolation::linear)
      : DiscreteSchedule(log_alpha_bars(betas, "DiscreteSchedule"), interpolation, Logarithms{}) {}

  /// Makes the schedule of the cumulative products ᾱ_k, which other libraries call `alphas_cumprod`.
  /// \param alpha_bars  any range of falling numbers in (0, 1); the last one may be 0
  /// \throws std::invalid_argument if there are none or they are not such numbers.
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

  /// α and σ at time t. \throws std::invalid_argument if t is outside [0, 1].
  Scales operator()(double t) const {
    if (!(t >= 0 && t <= 1) || is_nan(t)) refuse_time(time_interval(), true, "DiscreteSchedule", t);
    const double position = position_at(t);
    const auto k = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(k);
    return share == 0 ? table_[k] : between(k, share);
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`; 1 if lambda is too small for the schedule.
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

  /// The number that the network is given for time t: T t - 1, in [0, T-1], fractional between training steps.
  ///
  /// It is exactly k where t came from time_of(k). Between the data and step 0 it is 0, the lowest number that the
  /// network knows.
  double training_time(double t) const { return (std::max)(0.0, position_at(t) - 1); }

  /// The time of a training step, t = (step + 1)/T. The step may be fractional; -1 is the clean end, t = 0.
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
    // 1 - ᾱ by expm1: at the first steps the plain difference would lose four digits.
    for (const double log : log_alpha_bars)
      table_.push_back({std::exp(log / 2), std::sqrt(-std::expm1(log))});
  }

  /// The position T t in the table. Rounding may have moved ((k + 1)/T) T away from k + 1, which is undone here.
  double position_at(double t) const {
    const double position = t * static_cast<double>(steps());
    const double whole = std::round(position);
    return std::fabs(position - whole) <= 1e-15 * whole ? whole : position;
  }

  Scales between(std::size_t k, double share) const {
    const double rho_k = table_[k].sigma / table_[k].alpha;
    const double next = table_[k + 1].alpha / table_[k + 1].sigma;  // α/σ, as σ/α may be infinite there
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

  /// The share of the way from place k to the next one at which σ/α is rho: the inverse of between().
  double share_at(std::size_t k, double rho) const {
    const double rho_k = table_[k].sigma / table_[k].alpha;
    const double next = table_[k + 1].sigma / table_[k + 1].alpha;
    if (table_[k + 1].alpha == 0) return 1 - rho_k / rho;
    if (k == 0 || interpolation_ == Interpolation::linear) return (rho - rho_k) / (next - rho_k);
    return std::log(rho / rho_k) / std::log(next / rho_k);
  }

  std::vector<Scales> table_;  // one entry for each of the steps -1 … T-1
  Interpolation interpolation_;
};

}  // namespace azula
