#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/method/ddim.hpp"

namespace azula {

/// Which variance the noise of DDPM has.
enum class DDPMVariance {
  fixed_small,  ///< σ_s² τ, that of x_s given x_t and X: exact where the data are one point
  fixed_large,  ///< σ_t² τ, that of x_t given x_s: right where the data are white noise
};

/// Denoising diffusion probabilistic models, ancestral sampling:
///
///     x_s = α_s m + σ_s √(1 - τ) z + σ_s √τ ε,    z = (x_t - α_t m)/σ_t,
///     τ = 1 - (α_t σ_s / (α_s σ_t))²
///
/// with σ_t √τ ε in its place for the variance `fixed_large`. First order (weak), one evaluation and one draw per step,
/// none to σ_s = 0.
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct DDPM {
  DDPMVariance variance = DDPMVariance::fixed_small;  ///< of the noise of a step

  static constexpr int history = 1;

  std::string name() const { return "DDPM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    DDIM{.eta = 1}.append(stages, grid, i);
    if (variance == DDPMVariance::fixed_large && grid[i + 1].sigma > 0) {
      stages.back().c *= grid[i].sigma / grid[i + 1].sigma;
    }
  }
};

}  // namespace azula
