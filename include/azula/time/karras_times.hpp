#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of karras_times().
struct KarrasTimeOptions {
  double start = 1.0;         ///< the noisy end, a time in [0, 1] and not a noise level
  double stop = 0.0;          ///< the clean end, a time as well
  std::ptrdiff_t steps = 64;  ///< at least 0, see TimeOptions
  double rho = 7.0;           ///< ρ in [0.1, 1e6]: the larger, the denser at the clean end; ρ → ∞ is log_snr_times()
};

/// The times of the EDM paper, even in (σ/α)^(1/ρ), for EDM networks and models like Stable Diffusion.
///
///     const auto times = azula::karras_times(schedule, {.stop = 0.01, .steps = 20});
///
///     // Models with training steps: levels of the training, then the data. For n evaluations, as "Karras" in other programs:
///     const double smallest = schedule.time_of(0);
///     const auto trained = azula::with_clean_end(schedule, azula::karras_times(schedule, {.stop = smallest, .steps = n - 1}));
///
/// Their noise levels are
///
///     (σ/α)(t_i) = ((σ/α)_start^(1/ρ) + i/steps ((σ/α)_stop^(1/ρ) - (σ/α)_start^(1/ρ)))^ρ
///
/// σ may be 0 at stop. Other programs call the grid karras. In these the levels often end above σ = 0, with the clean
/// end after them: with_clean_end() appends it.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), eq. 5.
/// \throws std::invalid_argument if the options are out of range or α = 0 at start.
template <class S>
std::vector<double> karras_times(const S& schedule, const KarrasTimeOptions& options = {}) {
  check({options.start, options.stop, options.steps}, "karras_times");
  require_in(0.1, 1e6, "karras_times", "rho", options.rho);
  return in_either_direction(options, [&](const KarrasTimeOptions& o) {
    const auto last = schedule(o.stop);
    const double power = 1 / o.rho;
    const double noisy = std::exp(-power * finite_log_snr(schedule, o.start, "karras_times"));
    const double clean = last.sigma > 0 ? std::pow(last.sigma / last.alpha, power) : 0.0;
    return times_at_log_snr(schedule, {o.start, o.stop, o.steps}, [=, rho = o.rho](double share) {
      return -rho * std::log(noisy + share * (clean - noisy));
    });
  });
}

}  // namespace azula
