#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/churn.hpp"

namespace azula {

/// A second-order one-step solver with two evaluations per step, the second one in the middle of the step.
///
/// It is k-diffusion's DPM-2, known as dpm_2 or dpm2 in other programs.
///
///     azula::Sampler sampler(denoiser, azula::DPM2{}, {.steps = 18});
///
/// It is the midpoint rule on the probability-flow ODE in ρ = σ/α, with the middle taken in log ρ:
///
///     y_m = y_t + (ρ_m - ρ_t) z(y_t),    y_s = y_t + (ρ_s - ρ_t) z(y_m),    y = x/α,    ρ_m = √(ρ_t ρ_s)
///
/// where z is the predicted noise. A step to σ_s = 0 or from α_t = 0 is Euler's and evaluates once. With `churn` noise
/// is added before each step but the first, see Churn.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), algorithm 2 and appendix C.
struct DPM2 {
  Churn churn;  ///< noise added before each step; none by default

  static constexpr int history = 2;

  std::string name() const { return "DPM2"; }
  /// \throws std::invalid_argument if an option of the churn is out of range.
  void check() const { churn.check("DPM2"); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node t = churn.before_step(stages, grid, i);
    const Node& s = grid[i + 1];
    if (!has_log_snr_length(t, s)) return stages.push_back(ode_step(t, s));
    const Node m = grid.between(t, s, (log_snr(t) + log_snr(s)) / 2);
    const double rho_t = t.sigma / t.alpha, rho_m = m.sigma / m.alpha, rho_s = s.sigma / s.alpha;
    StepBuilder step(stages);
    const Combination y = 1 / t.alpha * step.start();
    const Combination y_m = rho_m / rho_t * y + (1 - rho_m / rho_t) * step.evaluate(t);
    step.go(m.alpha * y_m, m);
    step.go(s.alpha * (y + (rho_s - rho_t) / rho_m * (y_m - step.evaluate(m))), s);
  }
};

}  // namespace azula
