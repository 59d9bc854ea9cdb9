#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Goes to the mean and adds fresh noise, keeping none of the old: the sampler of consistency models,
///
///     x_s = α_s (m + √(ρ_s² - ρ_min²) ε),    ρ = σ/α
///
/// ρ_min = 0 gives α_s m + σ_s ε. For networks that lead from a state to data in one step, as distilled ones do; with
/// another one samples have too little variance, however many steps there are. One evaluation and one draw per step,
/// none to σ_s = 0. It is LCM (with ConsistencyDenoiser), FlowMatchLCM, SCM, TrigFlow, the sampler of DMD, and
/// FlowMatchEulerDiscrete with stochastic_sampling; with rho_min, CMStochasticIterative.
/// Song et al., Consistency Models, 2023 (https://arxiv.org/abs/2303.01469), algorithm 1;
/// Luo et al., Latent Consistency Models, 2023 (https://arxiv.org/abs/2310.04378).
struct Renoise {
  double rho_min = 0;        ///< ρ that the network takes for clean, >= 0; from there down no noise is drawn
  bool noise_at_end = true;  ///< false: none in the last step, even where σ_s > 0; x_s = α_s m

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

/// The names that the field uses.
using LCM = Renoise;
using FlowLCM = Renoise;  ///< the same, as diffusers call it for flows
using SCM = Renoise;      ///< the same, as its authors call it
using DMD = Renoise;      ///< the same, as its authors call it

}  // namespace azula
