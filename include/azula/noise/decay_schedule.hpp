#pragma once
/// \file

#include <algorithm>
#include <cmath>

#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"
#include "azula/noise/unit_interval.hpp"

namespace azula {

/// A noise schedule with an exponential decay that spends most of the time at little noise.
///
///     α_t = τ α_min + (1 - τ),    σ_t = τ + (1 - τ) σ_min,    τ = (1 - γ^t) / (1 - γ)
///
/// t = 0 is data, t = 1 is noise. The smaller γ is, the more of the time has a high signal-to-noise ratio; as γ
/// approaches 1, the schedule becomes a RectifiedSchedule. It comes from the Python package azula.
///
///     const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::DecaySchedule{.gamma = 0.01});
struct DecaySchedule {
  double alpha_min = 1e-3;  ///< α at t = 1, in [0, 1)
  double sigma_min = 1e-3;  ///< σ at t = 0, in [0, 1)
  double gamma = 0.1;       ///< the base γ of the decay, in (0, 1)

  Scales operator()(double t) const {
    // At t = 1 the quotient is 1 only up to rounding, and a τ above 1 would make α_1 negative where α_min = 0.
    const double tau = t == 1 ? 1.0 : std::fmin(1.0, std::expm1(t * std::log(gamma)) / (gamma - 1));
    return {tau * alpha_min + (1 - tau), tau + (1 - tau) * sigma_min};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`: 0 if lambda is too large for the schedule, 1 if it is too small.
  double time_of_log_snr(double lambda) const {
    const double tau = RectifiedSchedule{alpha_min, sigma_min}.time_of_log_snr(lambda);
    return std::log1p(std::clamp(tau, 0.0, 1.0) * (gamma - 1)) / std::log(gamma);
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    check_unit_interval("DecaySchedule", alpha_min, sigma_min);
    require(gamma > 0 && gamma < 1, "DecaySchedule", "gamma must be in (0, 1)", gamma);
  }
};

}  // namespace azula
