#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral.hpp"
#include "azula/method/dpm2.hpp"

namespace azula {

/// DPM-2 ancestral, Ancestral{DPM2{}}: the midpoint step of DPM2 to ρ_down, then noise of deviation ρ_up, see
/// AncestralSplit.
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
    Ancestral{DPM2{}, eta}.append(stages, grid, i);
  }
};

}  // namespace azula
