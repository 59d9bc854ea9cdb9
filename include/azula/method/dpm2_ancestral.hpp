#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral.hpp"
#include "azula/method/ddim.hpp"
#include "azula/method/dpm2.hpp"

namespace azula {

/// DPM-2 ancestral: the midpoint step of DPM2 to ρ_down, then noise of deviation ρ_up, see AncestralSplit.
///
/// Two evaluations and one draw per step. η = 0 is DPM2. A step to σ_s = 0 or from α_t = 0 is
/// EulerAncestral's. The name is k-diffusion's.
struct DPM2Ancestral {
  double eta = 1;  ///< η in [0, 1]

  static constexpr int history = 2;

  std::string name() const { return "DPM2Ancestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("DPM2Ancestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (!has_log_snr_length(t, s)) return DDIM{.eta = eta * eta}.append(stages, grid, i);
    const AncestralSplit split(eta, t, s);
    StepBuilder step(stages);
    const Node middle = grid.between(t, s, (log_snr(t) - std::log(split.down)) / 2);
    step.go(s.alpha * midpoint_step(step, t, split.down, middle), s, s.alpha * split.up);
  }
};

}  // namespace azula
