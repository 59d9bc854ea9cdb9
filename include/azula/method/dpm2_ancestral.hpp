#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral.hpp"
#include "azula/method/dpm2.hpp"

namespace azula {

/// A second-order solver with two evaluations per step and fresh noise in every step; k-diffusion's DPM-2 ancestral.
///
///     azula::Sampler sampler(denoiser, azula::DPM2Ancestral{}, {.steps = 30});
///
/// The midpoint step of DPM2 leads to ρ_down, with ρ = σ/α, then noise of standard deviation ρ_up is added;
/// AncestralSplit has the formulas. It is Ancestral{DPM2{}}; η = 0 is DPM2.
///
/// The distribution of the samples converges with order 2. One draw of noise per step. A step to σ_s = 0 or from
/// α_t = 0 is EulerAncestral's. If η > 0 the times must fall.
struct DPM2Ancestral {
  double eta = 1;  ///< η in [0, 1], the share of fresh noise: 0 is DPM2

  static constexpr int history = 2;

  std::string name() const { return "DPM2Ancestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { check_ancestral("DPM2Ancestral", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    Ancestral{DPM2{}, eta}.append(stages, grid, i);
  }
};

}  // namespace azula
