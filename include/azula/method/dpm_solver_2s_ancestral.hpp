#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral.hpp"
#include "azula/method/dpm_solver_2s.hpp"

namespace azula {

/// A second-order solver with two evaluations per step and fresh noise in every step; k-diffusion's DPM++ 2S ancestral.
///
///     azula::Sampler sampler(denoiser, azula::DPMSolver2SAncestral{}, {.steps = 30});
///
/// The exponential midpoint step of DPMSolver2S leads to λ_down = -log ρ_down, then noise of standard deviation ρ_up is
/// added, with ρ = σ/α, λ = -log ρ and the denoised mean m; AncestralSplit has the formulas of ρ_down and ρ_up:
///
///     y' = (ρ_m/ρ_t) y_t + ψ_0(h/2) m(y_t),    λ_m = λ_t + h/2,    h = λ_down - λ_t
///     y_s = (ρ_down/ρ_t) y_t + ψ_0(h) m(y') + ρ_up ε,    y = x/α
///
/// It is Ancestral{DPMSolver2S{}}; η = 0 is DPMSolver2S. The distribution of the samples converges with order 2. One
/// draw of noise per step. A step to σ_s = 0 or from α_t = 0 is EulerAncestral's. If η > 0 the times must fall.
struct DPMSolver2SAncestral {
  double eta = 1;  ///< η in [0, 1], the share of fresh noise: 0 is DPMSolver2S

  static constexpr int history = 2;

  std::string name() const { return "DPMSolver2SAncestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("DPMSolver2SAncestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    Ancestral{DPMSolver2S{}, eta}.append(stages, grid, i);
  }
};

}  // namespace azula
