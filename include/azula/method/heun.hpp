#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/method/churn.hpp"

namespace azula {

/// A second-order one-step solver with two evaluations per step; the solver of EDM models.
///
/// Use it for EDM networks without guidance. Where steps are few it can diverge (docs/which_solver.md).
///
///     azula::Sampler sampler(denoiser, azula::Heun{}, {.steps = 18});
///
/// It is Heun's method on the probability-flow ODE in ρ = σ/α:
///
///     x' = Euler's x_s,    x_s = x' + α_s (ρ_s - ρ_t)/2 (z_s - z_t)
///
/// with z_t and z_s the noise predicted at (x_t, t) and (x', s). A step to σ_s = 0, or from or to α = 0, is Euler's and
/// evaluates once. With `churn` noise is added before each step but the first, see Churn.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), algorithms 1 and 2.
struct Heun {
  Churn churn;  ///< noise added before each step; none by default

  static constexpr int history = 2;

  std::string name() const { return "Heun"; }
  /// \throws std::invalid_argument if an option of the churn is out of range.
  void check() const { churn.check("Heun"); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node t = churn.before_step(stages, grid, i);
    const Node& s = grid[i + 1];
    if (!has_log_snr_length(t, s)) return stages.push_back(ode_step(t, s));
    const Stage noise = noise_prediction(t);
    Stage predict = ode_step(t, s);
    predict.u = noise.u;
    predict.v = noise.v;
    const double half = s.alpha * (s.sigma / s.alpha - t.sigma / t.alpha) / 2;
    Stage correct{.time = s.t, .next = s.t, .a = 1 + half / s.sigma, .older = 1};
    correct.b = -half * s.alpha / s.sigma;
    correct.h[0] = -half;
    stages.push_back(predict);
    stages.push_back(correct);
  }
};

}  // namespace azula
