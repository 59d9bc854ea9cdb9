#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral_split.hpp"
#include "azula/method/ddim.hpp"

namespace azula {

/// Euler ancestral: an Euler step to ρ_down, then noise of deviation ρ_up, see AncestralSplit. It is DDIM
/// whose η acts on the variance with the square of this η, which acts on the deviation.
///
/// First order (weak), one evaluation and one draw per step. The name is k-diffusion's.
struct EulerAncestral {
  double eta = 1;  ///< η in [0, 1]

  static constexpr int history = 1;

  std::string name() const { return "EulerAncestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("EulerAncestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    DDIM{.eta = eta * eta}.append(stages, grid, i);
  }
};

}  // namespace azula
