#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A first-order solver with one evaluation per step and an adjustable amount of fresh noise, none by default.
///
/// Use it to reproduce programs that ask for DDIM (Stable Diffusion ships with it), and around an MMPSDenoiser for
/// inverse problems.
///
///     azula::Sampler sampler(denoiser, azula::DDIM{.eta = 0.25}, {.steps = 50});
///
/// A step from t to s keeps a part of the predicted noise z and replaces the rest by fresh noise ε:
///
///     x_s = α_s m + σ_s √(1 - η τ) z + σ_s √(η τ) ε,    z = (x_t - α_t m)/σ_t,
///     τ = 1 - (α_t σ_s / (α_s σ_t))²,    η τ clipped to [0, 1]
///
/// η = 0 is Euler and draws no noise; η = 1 is DDPM. η scales the variance of the fresh noise, as in the Python
/// package. In the paper and in most other libraries η scales its standard deviation: that η is the square root of this
/// one, so pass its square. If η > 0, the times must fall and each step draws noise once, except a step to σ_s = 0.
/// Song et al., Denoising Diffusion Implicit Models, 2021 (https://arxiv.org/abs/2010.02502).
struct DDIM {
  double eta = 0;  ///< η, finite and at least 0; a huge value such as 1e300 replaces all noise in every step

  static constexpr int history = 1;

  std::string name() const { return "DDIM"; }

  /// \throws std::invalid_argument if η is negative or not finite.
  void check() const { require(eta >= 0, "DDIM", "eta must be finite and at least 0", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const double q = t.alpha * s.sigma / (s.alpha * t.sigma);
    const double tau = eta == 0 ? 0 : (std::min)(1.0, eta * (1 - q) * (1 + q));
    // For η = 1, 1 - τ is q². Using q itself avoids subtracting nearly equal numbers.
    const double kept = eta == 1 ? q : std::sqrt(1 - tau);
    stages.push_back(kept_step(t, s, kept, std::sqrt(tau)));
  }
};

}  // namespace azula
