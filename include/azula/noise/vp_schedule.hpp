#pragma once
/// \file

#include <cmath>

#include "azula/noise/scales.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// Variance preserving (VP) schedule:
///
///     α_t = exp(t² log α_min),    σ_t = √(1 - α_t² + σ_min²)
///
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct VPSchedule {
  double alpha_min = 1e-3;  ///< α_1, in (0, 1)
  double sigma_min = 1e-3;  ///< σ_0, in [0, 1)

  Scales operator()(double t) const {
    const double log_alpha = std::log(alpha_min) * t * t;
    // 1 - α² by expm1: near t = 0 the difference would keep no digit of it.
    return {std::exp(log_alpha), std::sqrt(sigma_min * sigma_min - std::expm1(2 * log_alpha))};
  }

  /// \throws std::invalid_argument that names the parameter out of range.
  void check() const {
    check_unit_interval("VPSchedule", alpha_min, sigma_min);
    require(alpha_min > 0, "VPSchedule", "alpha_min must be positive", alpha_min);
  }
};

}  // namespace azula
