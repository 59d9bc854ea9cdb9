#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"

namespace azula {

/// A second-order one-step solver with two evaluations per step; use it for inversion, from data to noise.
///
/// It draws no noise and needs no starting values. It is DPM-Solver++(2S), the exponential midpoint rule in
/// λ = log α/σ.
///
///     azula::Sampler invert(denoiser, azula::DPMSolver2S{}, {.start = 0.01, .stop = 1});
///
/// With h = λ_s - λ_t, the denoised mean m and ψ_0(h) = 1 - e^{-h}:
///
///     x' = (σ_m/σ_t) x_t + α_m ψ_0(r h) m(x_t),      λ_m = λ_t + r h
///     x_s = (σ_s/σ_t) x_t + α_s ψ_0(h) ((1 - 1/(2r)) m(x_t) + 1/(2r) m(x'))
///
/// A step to σ_s = 0 or from α_t = 0 is Euler's and evaluates once.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), algorithm 1.
struct DPMSolver2S {
  double r = 0.5;  ///< position of the second evaluation within the step in λ, in [0.001, 1]

  static constexpr int history = 2;

  std::string name() const { return "DPMSolver2S"; }
  /// \throws std::invalid_argument if r is out of range.
  void check() const { require_in(0.001, 1, "DPMSolver2S", "r", r); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (!has_log_snr_length(grid[i], grid[i + 1])) return stages.push_back(ode_step(grid[i], grid[i + 1]));
    StepBuilder step(stages);
    two_stage_step(step, grid, i, r);
  }
};

}  // namespace azula
