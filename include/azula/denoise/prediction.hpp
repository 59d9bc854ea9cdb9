#pragma once
/// \file
/// What a network predicts: each of these turns its output into E[X | x_t].

#include <cmath>

#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// In which form a network sees the state: x_t/k. A network is given `as_is` what its own schedule makes;
/// the others are for a schedule that is not the one of the training, at the same signal-to-noise ratio.
enum class InputForm {
  as_is,       ///< k = 1
  preserving,  ///< k = √(α² + σ²), unit variance: variance preserving networks on any schedule
  exploding,   ///< k = α: variance exploding ones
  rectified,   ///< k = α + σ: flows
};

/// k of the above.
inline double input_scale(InputForm form, const Scales& scales) {
  switch (form) {
    case InputForm::preserving:
      return std::hypot(scales.alpha, scales.sigma);
    case InputForm::exploding:
      return scales.alpha;
    case InputForm::rectified:
      return scales.alpha + scales.sigma;
    default:
      return 1;
  }
}

/// The noise: x_t = α X + σ ε, and the network's output is E[ε | x_t]. Not defined at α = 0.
///
///     mean = (x_t - σ F)/α
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct NoisePrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    return {1 / s.alpha, -s.sigma / s.alpha, 1 / input_scale(input, s)};
  }
};

/// The data (`sample`): mean = F.
struct DataPrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const { return {0, 1, 1 / input_scale(input, s)}; }
};

/// The velocity v = α ε - σ X of the form the network sees (`v_prediction`). Defined at α = 0.
///
///     mean = (α x_t - k σ F)/(α² + σ²)
///
/// Salimans and Ho, Progressive Distillation for Fast Sampling of Diffusion Models, 2022
/// (https://arxiv.org/abs/2202.00512).
struct VelocityPrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    const double total = s.alpha * s.alpha + s.sigma * s.sigma, k = input_scale(input, s);
    return {s.alpha / total, -k * s.sigma / total, 1 / k};
  }
};

/// The velocity of a straight flow, ε - X, or X - ε if time runs from noise to data. Defined at α = 0.
///
///     mean = (x_t - σ F)/(α + σ)
///
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct FlowPrediction {
  bool towards_data = false;  ///< the network's output is X - ε
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    const double total = s.alpha + s.sigma;
    return {1 / total, (towards_data ? s.sigma : -s.sigma) / total, 1 / input_scale(input, s)};
  }
};

/// The score ∇ log p of the form the network sees, x_t/k. Not defined at α = 0.
///
///     mean = (x_t + σ² F/k)/α
///
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456).
struct ScorePrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    const double k = input_scale(input, s);
    return {1 / s.alpha, s.sigma * s.sigma / (k * s.alpha), 1 / k};
  }
};

/// EDM's F, for data of standard deviation σ_d, generalised to a signal scale. Defined at α = 0.
///
///     mean = α σ_d² x_t/(α² σ_d² + δ²) + δ σ_d F(x_t/r)/r,    r = √(α² σ_d² + σ²),    δ = σ - α σ_min
///
/// σ_min is 0 except for consistency models, whose mean becomes the state itself at σ/α = σ_min. With σ_d = 1 and
/// LogRatioTime{.scale = 1} this is KarrasDenoiser.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), table 1; Song et al., Consistency Models, 2023
/// (https://arxiv.org/abs/2303.01469), appendix C.
struct EDMPrediction {
  double sigma_data = 0.5;  ///< σ_d > 0
  double sigma_min = 0;     ///< σ_min >= 0; 0.002 for consistency models

  /// \throws std::invalid_argument unless σ_d is positive and σ_min not negative.
  void check() const {
    require(sigma_data > 0, "EDMPrediction", "sigma_data must be finite and positive", sigma_data);
    require(sigma_min >= 0, "EDMPrediction", "sigma_min must be finite and at least 0", sigma_min);
  }

  Preconditioning operator()(const Scales& s) const {
    const double r = std::hypot(s.alpha * sigma_data, s.sigma), above = s.sigma - s.alpha * sigma_min;
    const double share = sigma_data / std::hypot(s.alpha * sigma_data, above);
    return {s.alpha * share * share, above * sigma_data / r, 1 / r};
  }
};

}  // namespace azula
