#pragma once
/// \file

#include <cmath>

#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// A noise schedule whose signal scale falls along a cosine, in the form that the Python package azula gives it.
///
///     α_t = cos(t arccos α_min),    σ_t = √(1 - α_t² + σ_min²)
///
/// t = 0 is data, t = 1 is noise. A network that was trained on discrete cosine steps needs
/// DiscreteSchedule(squared_cosine_betas()) instead.
///
///     azula::CosineSchedule schedule{.alpha_min = 1e-2, .sigma_min = 1e-2};
///
/// Nichol and Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021 (https://arxiv.org/abs/2102.09672).
struct CosineSchedule {
  double alpha_min = 1e-3;  ///< α at t = 1, in [0, 1)
  double sigma_min = 1e-3;  ///< σ at t = 0, in [0, 1)

  Scales operator()(double t) const {
    // The cosine of the arc cosine is α_min only up to rounding: with α_min = 0 it is 6e-17 and not 0.
    if (t == 1) return {alpha_min, std::sqrt(1 - alpha_min * alpha_min + sigma_min * sigma_min)};
    const double angle = t * std::acos(alpha_min);
    return {std::cos(angle), std::hypot(std::sin(angle), sigma_min)};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`: 0 if lambda is too large for the schedule, more than 1 if it is too small.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);  // cos(angle) = √(1 + σ_min²) a
    const double sine = std::sqrt(std::fmax(0.0, (s - sigma_min * a) * (s + sigma_min * a)));
    return std::atan2(sine, a * std::hypot(1.0, sigma_min)) / std::acos(alpha_min);
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const { check_unit_interval("CosineSchedule", alpha_min, sigma_min); }
};

}  // namespace azula
