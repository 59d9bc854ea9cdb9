#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"

namespace azula {

/// A fourth-order one-step solver with four evaluations per step; use it for reference solutions.
///
///     azula::Sampler sampler(denoiser, azula::RK4{}, {.steps = 100});
///
/// It is the classical Runge–Kutta method in u = log ρ, ρ = σ/α, with the denoised mean m:
///
///     dy/du = y - m(α y),    y = x/α
///
/// A step to σ_s = 0 or from α_t = 0 is Euler's and evaluates once.
struct RK4 {
  static constexpr int history = 4;

  std::string name() const { return "RK4"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (!has_log_snr_length(grid[i], grid[i + 1])) return stages.push_back(ode_step(grid[i], grid[i + 1]));
    StepBuilder step(stages);
    four_stage_step(step, grid, i);
  }
};

}  // namespace azula
