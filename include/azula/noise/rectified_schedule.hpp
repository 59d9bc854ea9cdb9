#pragma once
/// \file

#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// The straight noise schedule of rectified flow and flow matching models.
///
///     α_t = t α_min + (1 - t),    σ_t = t + (1 - t) σ_min
///
/// t = 0 is data, t = 1 is noise. The schedule of the papers has α_min = σ_min = 0; for its shifted form, as in
/// Stable Diffusion 3 and Flux, see ShiftedRectifiedSchedule.
///
///     azula::RectifiedSchedule schedule{.alpha_min = 0, .sigma_min = 0};
///
/// Liu et al., Flow Straight and Fast, 2022 (https://arxiv.org/abs/2209.03003);
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct RectifiedSchedule {
  double alpha_min = 1e-3;  ///< α at t = 1, in [0, 1)
  double sigma_min = 1e-3;  ///< σ at t = 0, in [0, 1)

  Scales operator()(double t) const { return {t * alpha_min + (1 - t), t + (1 - t) * sigma_min}; }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`; outside of [0, 1] if the schedule does not reach it.
  double time_of_log_snr(double lambda) const {
    const auto [a, s] = unit_scales(lambda);
    return (s - sigma_min * a) / ((1 - sigma_min) * a + (1 - alpha_min) * s);
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const { check_unit_interval("RectifiedSchedule", alpha_min, sigma_min); }
};

}  // namespace azula
