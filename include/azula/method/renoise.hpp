#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// The sampler of consistency models: each step jumps to the denoised mean and adds fresh noise to it.
///
/// Use it for distilled networks, whose mean at any noise level is a sample: LCM (with a ConsistencyDenoiser), sCM,
/// TrigFlow, DMD. With other networks samples have too little variance, however many steps there are.
///
///     azula::Sampler sampler(azula::ConsistencyDenoiser{denoiser}, azula::LCM{},
///                            azula::training_times(schedule, {999, 759, 499, 259}));
///
/// With the denoised mean m and fresh noise ε:
///
///     x_s = α_s (m + √(ρ_s² - ρ_min²) ε),    ρ = σ/α
///
/// ρ_min = 0 gives α_s m + σ_s ε. One evaluation and one draw of noise per step, none to σ_s = 0. The times must fall.
///
/// In diffusers it is LCMScheduler, FlowMatchLCMScheduler, SCMScheduler and FlowMatchEulerDiscreteScheduler with
/// stochastic_sampling; with rho_min it is CMStochasticIterativeScheduler.
/// Song et al., Consistency Models, 2023 (https://arxiv.org/abs/2303.01469), algorithm 1; Luo et al., Latent
/// Consistency Models, 2023 (https://arxiv.org/abs/2310.04378).
struct Renoise {
  double rho_min = 0;        ///< ρ that the network takes for clean, at least 0; no noise is drawn at or below it
  bool noise_at_end = true;  ///< false: the last step draws no noise and returns α_s m, even if σ_s > 0

  static constexpr int history = 1;

  std::string name() const { return "Renoise"; }
  /// \throws std::invalid_argument if rho_min is negative or not finite.
  void check() const { require(rho_min >= 0, "Renoise", "rho_min must be finite and at least 0", rho_min); }

  /// \throws std::invalid_argument if the times rise: it always draws noise.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    grid.require_falling("Renoise");
    const Node& s = grid[i + 1];
    const bool quiet = s.sigma == 0 || (!noise_at_end && i + 2 == grid.size());
    const double q = quiet ? 1 : std::fmin(1.0, rho_min * s.alpha / s.sigma);  // ρ_min/ρ_s
    stages.push_back(kept_step(grid[i], s, 0, std::sqrt((1 - q) * (1 + q))));
  }
};

/// Renoise, by its name for latent consistency models.
using LCM = Renoise;
using FlowLCM = Renoise;  ///< Renoise, by diffusers' name for flow models
using SCM = Renoise;      ///< Renoise, by the name of the authors of sCM
using DMD = Renoise;      ///< Renoise, by the name of the authors of DMD

}  // namespace azula
