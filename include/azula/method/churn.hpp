#pragma once
/// \file

#include <cmath>
#include <limits>
#include <vector>

#include "azula/error.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// Karras' churn: before a step, the state is moved back to a higher noise level ρ̂ = (1 + γ) ρ_t,
///
///     x̂ = α̂ (x_t/α_t + s_noise √(ρ̂² - ρ_t²) ε),    γ = min(s_churn/steps, √2 - 1) if s_min <= ρ_t <= s_max
///
/// It is a stage of its own that does not evaluate, at the beginning of the step: between steps the state has the noise
/// that its time says. No churn happens before the first step, where the state is a draw of that noise level anyway,
/// unless `first` asks for it, as the paper's own code has it. No time has as much noise as the state then, so the
/// network is asked at the first one. Where γ = 0 no noise is drawn.
/// Karras et al., 2022 (https://arxiv.org/abs/2206.00364), algorithm 2.
struct Churn {
  double s_churn = 0;                                   ///< S_churn >= 0; 0 is no churn
  double s_min = 0;                                     ///< S_min >= 0, in units of ρ = σ/α
  double s_max = std::numeric_limits<double>::infinity();  ///< S_max >= S_min
  double s_noise = 1;                                   ///< S_noise in [0, 100]
  bool first = false;                                   ///< also before the first step

  /// \throws std::invalid_argument that names the option out of range.
  void check(const char* method) const {
    require(s_churn >= 0, method, "s_churn must be finite and at least 0", s_churn);
    require(s_min >= 0, method, "s_min must be finite and at least 0", s_min);
    require_bound(s_max >= s_min, method, "s_max must be at least s_min", s_max);
    require_in(0, 100, method, "s_noise", s_noise);
  }

  /// The node from which step i starts: node i, or the noisier one to which the stage that is appended leads.
  /// \throws std::invalid_argument if the times rise and there is churn.
  Node before_step(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const double rho = t.sigma / t.alpha;
    if (s_churn != 0) grid.require_falling("Churn");
    if ((i == 0 && !(first && t.alpha > 0)) || s_churn == 0 || !(rho >= s_min && rho <= s_max)) return t;
    const double gamma = std::fmin(s_churn / static_cast<double>(grid.size() - 1), std::sqrt(2.0) - 1);
    const Node above{t.t, t.alpha, (1 + gamma) * t.sigma};
    const Node noisier = i == 0 ? above : grid.noisier(-std::log((1 + gamma) * rho), i);
    const double rho_hat = noisier.sigma / noisier.alpha;
    if (!(rho_hat > rho)) return t;
    stages.push_back(noise_step(t, noisier, s_noise));
    return noisier;
  }
};

}  // namespace azula
