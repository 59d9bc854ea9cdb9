#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral.hpp"
#include "azula/method/dpm_solver_2s.hpp"

namespace azula {

/// DPM-Solver++(2S) ancestral, Ancestral{DPMSolver2S{}}: the exponential midpoint step to λ_down = -log ρ_down, then
/// noise of deviation ρ_up, see AncestralSplit:
///
///     y' = (ρ_m/ρ_t) y_t + ψ_0(h/2) m(y_t),    λ_m = λ_t + h/2,    h = λ_down - λ_t
///     y_s = (ρ_down/ρ_t) y_t + ψ_0(h) m(y') + ρ_up ε,    y = x/α
///
/// Two evaluations and one draw per step. η = 0 is DPMSolver2S. A step to σ_s = 0 or from α_t = 0 is
/// EulerAncestral's. The name is k-diffusion's.
struct DPMSolver2SAncestral {
  double eta = 1;  ///< η in [0, 1]

  static constexpr int history = 2;

  std::string name() const { return "DPMSolver2SAncestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("DPMSolver2SAncestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    Ancestral{DPMSolver2S{}, eta}.append(stages, grid, i);
  }
};

}  // namespace azula
