#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"

namespace azula {

/// A third-order one-step solver with three evaluations per step: DPM-Solver++(3S).
///
///     azula::Sampler sampler(denoiser, azula::DPMSolver3S{}, {.steps = 10});
///
/// It is an exponential Runge–Kutta method in λ = log α/σ with means at λ_t, λ_t + r_1 h and λ_t + r_2 h, where
/// h = λ_s - λ_t; three_stage_step() has the formulas. The order is 3 for r_2 = 2/3 and 2 otherwise. A step to σ_s = 0
/// or from α_t = 0 is Euler's and evaluates once.
/// Lu et al., DPM-Solver, 2022 (https://arxiv.org/abs/2206.00927), algorithm 2, in the data form of DPM-Solver++, 2022
/// (https://arxiv.org/abs/2211.01095).
struct DPMSolver3S {
  double r_1 = 1.0 / 3;  ///< position of the second evaluation within the step in λ, in [0.001, r_2)
  double r_2 = 2.0 / 3;  ///< position of the third one, in (r_1, 0.999]

  static constexpr int history = 3;

  std::string name() const { return "DPMSolver3S"; }
  /// \throws std::invalid_argument unless 0.001 <= r_1 < r_2 <= 0.999.
  void check() const {
    require_in(0.001, 0.999, "DPMSolver3S", "r_1", r_1);
    require_in(0.001, 0.999, "DPMSolver3S", "r_2", r_2);
    require(r_1 < r_2, "DPMSolver3S", "r_1 must be less than r_2", r_1);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (!has_log_snr_length(grid[i], grid[i + 1])) return stages.push_back(ode_step(grid[i], grid[i + 1]));
    StepBuilder step(stages);
    three_stage_step(step, grid, i, r_1, r_2);
  }
};

}  // namespace azula
