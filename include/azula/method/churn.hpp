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

/// Options of churn: noise that is added to the state before a step, which then starts from a higher noise level.
///
/// Heun and DPM2 have them as a member; Churned adds them to any other method.
///
///     azula::Sampler sampler(denoiser, azula::Heun{.churn = {.s_churn = 40, .s_max = 50}}, {.steps = 50});
///
/// Before a step the noise level ρ_t = σ_t/α_t is raised to ρ̂ = (1 + γ) ρ_t, with fresh noise ε:
///
///     x̂ = α̂ (x_t/α_t + s_noise √(ρ̂² - ρ_t²) ε),    γ = min(s_churn/steps, √2 - 1) if s_min <= ρ_t <= s_max
///
/// Where γ = 0 no noise is drawn. The times must fall. Adding noise is a stage of its own, at the beginning of a step,
/// which does not evaluate the denoiser; between steps the state has the noise level of its time.
///
/// There is no churn before the first step, where the state is a fresh draw of its noise level anyway. With `first`
/// there is, as in the code of the paper; no time of the schedule has so much noise, so the denoiser is called with the
/// first time.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), algorithm 2.
struct Churn {
  double s_churn = 0;                                   ///< S_churn, at least 0; 0 is no churn
  double s_min = 0;                                     ///< S_min, at least 0: the lowest ρ = σ/α with churn
  double s_max = std::numeric_limits<double>::infinity();  ///< S_max, at least S_min: the highest
  double s_noise = 1;                                   ///< S_noise, factor of the noise, in [0, 100]
  bool first = false;                                   ///< whether there is churn before the first step, too

  /// \throws std::invalid_argument that names the option that is out of range.
  void check(const char* method) const {
    require(s_churn >= 0, method, "s_churn must be finite and at least 0", s_churn);
    require(s_min >= 0, method, "s_min must be finite and at least 0", s_min);
    require_bound(s_max >= s_min, method, "s_max must be at least s_min", s_max);
    require_in(0, 100, method, "s_noise", s_noise);
  }

  /// Appends the churn of step i, if there is any, and returns the node from which the step starts.
  ///
  /// This is node i, or the noisier node to which the appended stage leads.
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
