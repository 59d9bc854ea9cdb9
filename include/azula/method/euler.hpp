#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Euler's method on the probability-flow ODE in ρ = σ/α, the deterministic DDIM:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z),    z = (x_t - α_t m)/σ_t
///
/// First order, one evaluation per step. Song et al., Score-Based Generative Modeling through
/// Stochastic Differential Equations, 2021 (https://arxiv.org/abs/2011.13456).
struct Euler {
  static constexpr int history = 1;

  std::string name() const { return "Euler"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    stages.push_back(ode_step(grid[i], grid[i + 1]));
  }
};

}  // namespace azula
