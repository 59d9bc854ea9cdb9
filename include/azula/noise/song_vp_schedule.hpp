#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"

namespace azula {

/// The variance preserving noise schedule of the score SDE of Song et al., with β(t) linear from β_min to β_max.
///
///     log α_t = -½ ∫_0^t β = -β_min t/2 - (β_max - β_min) t²/4,    σ_t = √(1 - α_t²)
///
/// It is the continuous limit of DiscreteSchedule(linear_betas({β_min/T, β_max/T, T})). There is no noise
/// at t = 0. Networks that were trained down to t = 1e-3 or so are sampled with {.stop = 1e-3}:
///
///     azula::SongVPSchedule schedule;
///     azula::NetworkDenoiser denoiser(score, schedule, azula::ScorePrediction{}, azula::OwnTime{.scale = 999});
///     azula::Sampler sampler(denoiser, azula::PC{}, {.stop = 1e-3, .steps = 1000});
///
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456), appendix C.
struct SongVPSchedule {
  double beta_min = 0.1;  ///< β at t = 0, at least 0
  double beta_max = 20;   ///< β at t = 1, positive

  Scales operator()(double t) const {
    const double log_alpha = -t * (beta_min / 2 + t * (beta_max - beta_min) / 4);
    // 1 - α² by expm1: near t = 0 the plain difference would lose every digit.
    return {std::exp(log_alpha), std::sqrt(-std::expm1(2 * log_alpha))};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`: the root of a quadratic equation, as -log α is quadratic in t.
  double time_of_log_snr(double lambda) const {
    const double loss = std::fmax(0.0, -lambda) + std::log1p(std::exp(-2 * std::fabs(lambda))) / 2;  // -log α
    if (loss == 0 || !is_finite(loss)) return loss;
    return 2 * loss / (beta_min / 2 + std::sqrt(beta_min * beta_min / 4 + (beta_max - beta_min) * loss));
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    require(beta_min >= 0, "SongVPSchedule",
            "beta_min must be finite and at least 0", beta_min);
    require(beta_max > 0, "SongVPSchedule", "beta_max must be finite and positive",
            beta_max);
  }
};

}  // namespace azula
