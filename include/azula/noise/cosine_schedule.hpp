#pragma once
/// \file

#include <cmath>

#include "azula/noise/scales.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// Cosine schedule:
///
///     α_t = cos(t arccos α_min),    σ_t = √(1 - α_t² + σ_min²)
///
/// Nichol and Dhariwal, Improved Denoising Diffusion Probabilistic Models, 2021
/// (https://arxiv.org/abs/2102.09672), in the form of the Python package.
struct CosineSchedule {
  double alpha_min = 1e-3;  ///< α_1, in [0, 1)
  double sigma_min = 1e-3;  ///< σ_0, in [0, 1)

  Scales operator()(double t) const {
    // At t = 1 the cosine of an arc cosine would be α_min but for rounding: with α_min = 0 it is 6e-17.
    if (t == 1) return {alpha_min, std::sqrt(1 - alpha_min * alpha_min + sigma_min * sigma_min)};
    const double angle = t * std::acos(alpha_min);
    return {std::cos(angle), std::hypot(std::sin(angle), sigma_min)};
  }

  /// The time at which log α/σ = `lambda`; 0 if there is none.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);  // cos = √(1 + σ_min²) a
    const double sine = std::sqrt(std::fmax(0.0, (s - sigma_min * a) * (s + sigma_min * a)));
    return std::atan2(sine, a * std::hypot(1.0, sigma_min)) / std::acos(alpha_min);
  }

  /// \throws std::invalid_argument that names the parameter out of range.
  void check() const { check_unit_interval("CosineSchedule", alpha_min, sigma_min); }
};

}  // namespace azula
