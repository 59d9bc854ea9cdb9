#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// The simplest deterministic solver: first order, one evaluation per step.
///
/// Use it as a baseline, and for networks that need nothing better, such as flow maps (FlowMapDenoiser). For few steps
/// docs/which_solver.md has more accurate methods at the same cost.
///
///     azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 50});
///
/// It is Euler's method on the probability-flow ODE in ρ = σ/α, and the same as DDIM without noise:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z),    z = (x_t - α_t m)/σ_t
///
/// Here m is the denoised mean E[X | x_t] and z the predicted noise.
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456).
struct Euler {
  static constexpr int history = 1;

  std::string name() const { return "Euler"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    stages.push_back(ode_step(grid[i], grid[i + 1]));
  }
};

}  // namespace azula
