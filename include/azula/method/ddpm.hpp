#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/method/ddim.hpp"

namespace azula {

/// The variance of the noise that a DDPM step adds; diffusers calls it `variance_type`.
enum class DDPMVariance {
  fixed_small,  ///< σ_s² τ, the variance of x_s given x_t and X: exact if the data are a single point
  fixed_large,  ///< σ_t² τ, the variance of x_t given x_s: right if the data are white noise
};

/// The ancestral sampler of the original diffusion models: first order, one evaluation and one draw of noise per step.
///
/// Use it with many steps: fresh noise makes samples vary and corrects errors of the network. Use it also around an
/// MMPSDenoiser for inverse problems. It needs more steps than methods without noise.
///
///     azula::Sampler sampler(denoiser, azula::DDPM{}, {.steps = 250});
///
/// A step from t to s, with the denoised mean m, the predicted noise z and fresh noise ε:
///
///     x_s = α_s m + σ_s √(1 - τ) z + σ_s √τ ε,    z = (x_t - α_t m)/σ_t,
///     τ = 1 - (α_t σ_s / (α_s σ_t))²
///
/// With the variance `fixed_large` the last term is σ_t √τ ε. The distribution of the samples converges with order 1
/// (weak order). A step to σ_s = 0 draws no noise. The times must fall.
/// Ho et al., Denoising Diffusion Probabilistic Models, 2020 (https://arxiv.org/abs/2006.11239).
struct DDPM {
  DDPMVariance variance = DDPMVariance::fixed_small;  ///< variance of the noise that a step adds

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
