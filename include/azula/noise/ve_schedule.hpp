#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"

namespace azula {

/// The variance exploding (VE) noise schedule of score-based models: the signal keeps its scale and the noise grows
/// geometrically.
///
///     α_t = 1,    σ_t = exp((1 - t) log σ_min + t log σ_max)
///
/// t = 0 is data with noise of σ_min, t = 1 is noise.
///
///     azula::VESchedule schedule{.sigma_min = 0.01, .sigma_max = 20};
///
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456).
struct VESchedule {
  double sigma_min = 1e-3;  ///< σ at t = 0, positive
  double sigma_max = 1e3;   ///< σ at t = 1, greater than sigma_min

  Scales operator()(double t) const {
    return {1.0, std::exp((1 - t) * std::log(sigma_min) + t * std::log(sigma_max))};
  }

  static constexpr TimeInterval time_interval() { return {}; }  ///< the times at which it is defined, [0, 1]

  /// The time at which log α/σ = `lambda`; outside of [0, 1] if the schedule does not reach it.
  double time_of_log_snr(double lambda) const {
    return (-lambda - std::log(sigma_min)) / (std::log(sigma_max) - std::log(sigma_min));
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    require(sigma_min > 0, "VESchedule", "sigma_min must be finite and positive", sigma_min);
    require(sigma_max > sigma_min, "VESchedule",
            "sigma_max must be finite and greater than sigma_min", sigma_max);
  }
};

}  // namespace azula
