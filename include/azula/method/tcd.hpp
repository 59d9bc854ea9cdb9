#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A one-step solver with fresh noise for networks that were distilled by trajectory consistency distillation.
///
///     azula::Sampler sampler(denoiser, azula::TCD{.gamma = 0.3},
///                            azula::training_times(schedule, {999, 749, 499, 249}, azula::GridEnd::first_step));
///
/// Each step makes an Euler step to a time s' that is cleaner than s, then adds noise to come back to s:
///
///     x' = α_s' m + σ_s' z,    x_s = (α_s/α_s') x' + √(σ_s² - (α_s σ_s'/α_s')²) ε,    s' = (1 - γ) s
///
/// Here m is the denoised mean, z the predicted noise and ε fresh noise. γ = 0 is Euler. With γ = 1 each step goes to
/// the clean end, or to training step 0. On a schedule of training steps, s' is the training step floor((1 - γ) step).
///
/// One evaluation and one draw of noise per step; a step to σ_s = 0 or to training step 0 draws none, and γ = 0 never
/// draws. With a network that was not distilled for it, samples have too little variance, however many steps there are.
/// The scheduler of diffusers calls γ `eta` and ends at training step 0 (GridEnd::first_step).
/// Zheng et al., Trajectory Consistency Distillation, 2024 (https://arxiv.org/abs/2402.19159).
struct TCD {
  double gamma = 0.3;  ///< γ in [0, 1]: 0 adds no noise, 1 goes all the way to clean data in each step

  static constexpr int history = 1;

  std::string name() const { return "TCD"; }
  /// \throws std::invalid_argument if γ is outside [0, 1].
  void check() const { require_in(0, 1, "TCD", "gamma", gamma); }

  /// \throws std::invalid_argument if the times rise and γ > 0.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (gamma == 0 || s.sigma == 0) return stages.push_back(ode_step(t, s));
    grid.require_falling("TCD");
    const Node down = grid.towards_clean(s, 1 - gamma);
    const double q = s.alpha * down.sigma / (down.alpha * s.sigma);  // ρ_s'/ρ_s
    stages.push_back(kept_step(t, s, q, std::sqrt((1 - q) * (1 + q))));
  }
};

}  // namespace azula
