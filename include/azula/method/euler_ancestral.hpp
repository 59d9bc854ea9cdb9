#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral_split.hpp"
#include "azula/method/ddim.hpp"

namespace azula {

/// A first-order solver with one evaluation per step and fresh noise in every step; k-diffusion's "Euler a".
///
///     azula::Sampler sampler(denoiser, azula::EulerAncestral{}, {.steps = 30});
///
/// An Euler step leads to ρ_down, with ρ = σ/α, then noise of standard deviation ρ_up is added; AncestralSplit has the
/// formulas. It is DDIM with the square of this η: here η scales the standard deviation of the noise, in DDIM its
/// variance.
///
/// The distribution of the samples converges with order 1 (weak order). One draw of noise per step, none to σ_s = 0. If
/// η > 0 the times must fall.
struct EulerAncestral {
  double eta = 1;  ///< η in [0, 1], the share of fresh noise: 0 is Euler

  static constexpr int history = 1;

  std::string name() const { return "EulerAncestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("EulerAncestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    DDIM{.eta = eta * eta}.append(stages, grid, i);
  }
};

}  // namespace azula
