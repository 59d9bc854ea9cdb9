#pragma once
/// \file

#include <algorithm>
#include <cmath>

#include "azula/error.hpp"
#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"

namespace azula {

/// The noise schedule of EDM models, on which evenly spaced times are the noise levels of Karras et al.
///
///     α_t = 1,    σ_t = (σ_min^(1/ρ) + t (σ_max^(1/ρ) - σ_min^(1/ρ)))^ρ
///
/// Times from 0 to 1 have noise from σ_min to σ_max. Below t = 0 the formula goes on to σ = 0, which it reaches at
/// clean_time(). Times are not noise levels: sigma_times() converts a list of sigmas. The paper's grid of n steps ends at
/// clean_time():
///
///     azula::EDMSchedule schedule;
///     const auto times = azula::with_clean_end(schedule, azula::linear_times({.steps = n - 1}));
///
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), eq. 5.
struct EDMSchedule {
  double sigma_min = 0.002;  ///< σ at t = 0, positive
  double sigma_max = 80;     ///< σ at t = 1, greater than sigma_min
  double rho = 7;            ///< the exponent ρ, in [0.1, 1000]

  Scales operator()(double t) const {
    if (t == 0) return {1, sigma_min};
    if (t == 1) return {1, sigma_max};
    return {1, t <= clean_time() ? 0.0 : std::pow((1 - t) * root(sigma_min) + t * root(sigma_max), rho)};
  }

  /// The time at which σ = 0; it is negative.
  double clean_time() const { return root(sigma_min) / (root(sigma_min) - root(sigma_max)); }

  /// The times at which it is defined, from clean_time() to 1.
  TimeInterval time_interval() const { return {.low = clean_time()}; }

  /// The time at which log α/σ = `lambda`.
  double time_of_log_snr(double lambda) const {
    return (root(std::exp(-lambda)) - root(sigma_min)) / (root(sigma_max) - root(sigma_min));
  }

  /// Checks the options. \throws std::invalid_argument that names the option out of range.
  void check() const {
    require(sigma_min > 0, "EDMSchedule", "sigma_min must be finite and positive", sigma_min);
    require(sigma_max > sigma_min, "EDMSchedule",
            "sigma_max must be finite and greater than sigma_min", sigma_max);
    require_in(0.1, 1000, "EDMSchedule", "rho", rho);
  }

 private:
  double root(double sigma) const { return std::pow(sigma, 1 / rho); }
};

}  // namespace azula
