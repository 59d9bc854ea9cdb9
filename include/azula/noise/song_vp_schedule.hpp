#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// The variance preserving schedule of the score SDE, with β(t) linear from β_min to β_max:
///
///     log α_t = -½ ∫_0^t β = -β_min t/2 - (β_max - β_min) t²/4,    σ_t = √(1 - α_t²)
///
/// The continuous limit of DiscreteSchedule(linear_betas({β_min/T, β_max/T, T})). σ = 0 at t = 0; networks
/// trained down to t = 1e-3 or so are sampled with {.stop = 1e-3}.
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456), appendix C.
struct SongVPSchedule {
  double beta_min = 0.1;  ///< β(0) >= 0
  double beta_max = 20;   ///< β(1) > 0

  Scales operator()(double t) const {
    const double log_alpha = -t * (beta_min / 2 + t * (beta_max - beta_min) / 4);
    // 1 - α² by expm1: near t = 0 the difference would keep no digit of it.
    return {std::exp(log_alpha), std::sqrt(-std::expm1(2 * log_alpha))};
  }

  /// The time at which log α/σ = `lambda`: -log α is quadratic in t.
  double time_of_log_snr(double lambda) const {
    const double loss = std::fmax(0.0, -lambda) + std::log1p(std::exp(-2 * std::fabs(lambda))) / 2;  // -log α
    if (loss == 0 || !is_finite(loss)) return loss;
    return 2 * loss / (beta_min / 2 + std::sqrt(beta_min * beta_min / 4 + (beta_max - beta_min) * loss));
  }

  /// \throws std::invalid_argument that names the parameter out of range.
  void check() const {
    require(beta_min >= 0, "SongVPSchedule",
            "beta_min must be finite and at least 0", beta_min);
    require(beta_max > 0, "SongVPSchedule", "beta_max must be finite and positive",
            beta_max);
  }
};

}  // namespace azula
