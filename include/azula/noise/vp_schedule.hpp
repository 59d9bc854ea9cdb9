#pragma once
/// \file

#include <cmath>

#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// The variance preserving (VP) noise schedule of the Python package azula, for networks that were trained with it.
///
///     α_t = exp(t² log α_min),    σ_t = √(1 - α_t² + σ_min²)
///
/// t = 0 is data, t = 1 is noise. Networks that were trained on discrete steps need a DiscreteSchedule, networks of the
/// score SDE a SongVPSchedule.
///
///     azula::VPSchedule schedule;
///     azula::KarrasDenoiser denoiser(network, schedule);
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct VPSchedule {
  double alpha_min = 1e-3;  ///< α at t = 1, in (0, 1)
  double sigma_min = 1e-3;  ///< σ at t = 0, in [0, 1)

  Scales operator()(double t) const {
    const double log_alpha = std::log(alpha_min) * t * t;
    // 1 - α² by expm1: near t = 0 the plain difference would lose every digit.
    return {std::exp(log_alpha), std::sqrt(sigma_min * sigma_min - std::expm1(2 * log_alpha))};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`: 0 if lambda is too large for the schedule, more than 1 if it is too small.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);  // α² = (1 + σ_min²) a²
    const double missing = std::fmax(0.0, (s - sigma_min * a) * (s + sigma_min * a));  // 1 - α²
    const double log_alpha = missing < 0.5 ? std::log1p(-missing) / 2 : std::log(a * std::hypot(1.0, sigma_min));
    return std::sqrt(log_alpha / std::log(alpha_min));
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    require(alpha_min > 0 && alpha_min < 1, "VPSchedule", "alpha_min must be in (0, 1)", alpha_min);
    check_sigma_min("VPSchedule", sigma_min);
  }
};

}  // namespace azula
