#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/method/ddim.hpp"

namespace azula {

/// Denoising diffusion probabilistic models, ancestral sampling:
///
///     x_s = α_s m + σ_s √(1 - τ) z + σ_s √τ ε,    z = (x_t - α_t m)/σ_t,
///     τ = 1 - (α_t σ_s / (α_s σ_t))²
///
/// First order (weak), one evaluation and one draw per step.
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct DDPM {
  static constexpr int history = 1;

  std::string name() const { return "DDPM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    DDIM{.eta = 1}.append(stages, grid, i);
  }
};

}  // namespace azula
