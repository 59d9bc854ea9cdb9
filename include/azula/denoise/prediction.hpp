#pragma once
/// \file
/// What networks predict. Each type turns a network's output F into the mean E[X | x_t], for NetworkDenoiser.

#include <cmath>

#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"
#include "azula/noise/scales.hpp"

namespace azula {

/// The form x_t/k in which a network gets the state.
///
/// A network gets the states of the schedule that it was trained with `as_is`. The other forms are for sampling it on
/// another schedule: they bring a state into the form of the training, at the same signal-to-noise ratio.
enum class InputForm {
  as_is,       ///< k = 1, for the schedule of the training
  preserving,  ///< k = √(α² + σ²), for networks trained on variance preserving states
  exploding,   ///< k = α, for networks trained on variance exploding states
  rectified,   ///< k = α + σ, for networks trained as rectified flows
};

/// Returns the divisor k of an input form.
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

/// For networks that predict the noise, F = E[ε | x_t], such as DDPM and Stable Diffusion 1.5 (`epsilon` elsewhere).
///
///     mean = (x_t - σ F)/α
///
/// Not defined at α = 0.
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct NoisePrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    return {1 / s.alpha, -s.sigma / s.alpha, 1 / input_scale(input, s)};
  }
};

/// For networks that predict the data, F = E[X | x_t] (`sample` elsewhere). Defined at every time.
///
///     const azula::NetworkDenoiser denoiser(network, schedule, azula::DataPrediction{}, azula::TrainingStep{});
struct DataPrediction {
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const { return {0, 1, 1 / input_scale(input, s)}; }
};

/// For networks that predict the velocity v = α ε - σ X, such as Stable Diffusion 2 (`v_prediction` elsewhere).
///
///     mean = (α x_t - k σ F)/(α² + σ²)
///
/// The α and σ of v are the scales of the form x_t/k that the network gets. Defined also at α = 0.
///
///     const azula::NetworkDenoiser denoiser(network, schedule, azula::VelocityPrediction{}, azula::TrainingStep{});
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

/// For networks that predict the velocity of a straight flow, F = E[ε - X | x_t], such as Stable Diffusion 3 and Flux.
///
///     mean = (x_t - σ F)/(α + σ)
///
/// Networks whose time runs from noise to data predict X - ε: set `towards_data`. Defined also at α = 0.
///
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct FlowPrediction {
  bool towards_data = false;  ///< whether the network predicts X - ε
  InputForm input = InputForm::as_is;

  Preconditioning operator()(const Scales& s) const {
    const double total = s.alpha + s.sigma;
    return {1 / total, (towards_data ? s.sigma : -s.sigma) / total, 1 / input_scale(input, s)};
  }
};

/// For networks that predict the score F = ∇ log p, such as those of the score SDE.
///
///     mean = (x_t + σ² F/k)/α
///
/// p is the density of the form x_t/k that the network gets. Not defined at α = 0.
///
///     const azula::NetworkDenoiser denoiser(network, schedule, azula::ScorePrediction{}, azula::OwnTime{.scale = 999});
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

/// For networks with the preconditioning of EDM, whose raw output is F, and for consistency models.
///
///     mean = α σ_d² x_t/(α² σ_d² + δ²) + δ σ_d F(x_t/r)/r,    r = √(α² σ_d² + σ²),    δ = σ - α σ_min
///
/// σ_d is the standard deviation of the data; the preconditioning is generalised to a signal scale α. σ_min is 0 except
/// for consistency models, whose mean becomes the state itself, x_t/α, at σ/α = σ_min. Defined also at α = 0. With
/// σ_d = 1 and LogRatioTime{.scale = 1} it is KarrasDenoiser.
///
///     azula::EDMSchedule schedule;
///     azula::NetworkDenoiser denoiser(net, schedule, azula::EDMPrediction{.sigma_data = 0.5}, azula::LogRatioTime{});
///
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), table 1;
/// Song et al., Consistency Models, 2023 (https://arxiv.org/abs/2303.01469), appendix C.
struct EDMPrediction {
  double sigma_data = 0.5;  ///< σ_d > 0, the standard deviation of the data
  double sigma_min = 0;     ///< σ_min >= 0; 0.002 for consistency models

  /// Checks the options. \throws std::invalid_argument unless σ_d is positive and σ_min at least 0, both finite.
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
