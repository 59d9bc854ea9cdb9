#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Trajectory consistency distillation: an Euler step to s', which is cleaner than s, then noise back up to s,
///
///     x' = α_s' m + σ_s' z,    x_s = (α_s/α_s') x' + √(σ_s² - (α_s σ_s'/α_s')²) ε,    s' = (1 - γ) s
///
/// On a schedule of training steps s' is the step floor((1 - γ) step). γ = 0 is Euler, γ = 1 goes to the clean end or
/// training step 0 each time. For networks distilled for it: with another one samples have too little variance, however
/// many steps there are. One evaluation and one draw per step; none to σ_s = 0, to training step 0 or where γ = 0.
/// diffusers, whose eta is γ, ends at training step 0: GridEnd::first_step.
/// Zheng et al., Trajectory Consistency Distillation, 2024 (https://arxiv.org/abs/2402.19159).
struct TCD {
  double gamma = 0.3;  ///< γ in [0, 1]

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
