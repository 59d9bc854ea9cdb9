#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Denoising diffusion implicit models:
///
///     x_s = α_s m + σ_s √(1 - η τ) z + σ_s √(η τ) ε,    z = (x_t - α_t m)/σ_t,
///     τ = 1 - (α_t σ_s / (α_s σ_t))²,    η τ clipped to [0, 1]
///
/// First order, one evaluation per step. η acts on a variance, as in the Python package; the η of the
/// paper and of most other libraries acts on the standard deviation and is the square root of this one.
/// η = 0 is Euler and draws no noise, η = 1 is DDPM.
/// Song et al., Denoising Diffusion Implicit Models, 2021 (https://arxiv.org/abs/2010.02502).
struct DDIM {
  double eta = 0;  ///< η >= 0; 1e300 replaces all noise in every step

  static constexpr int history = 1;

  std::string name() const { return "DDIM"; }

  /// \throws std::invalid_argument if η is negative or not finite.
  void check() const { require(eta >= 0, "DDIM", "eta must be finite and at least 0", eta); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const double q = t.alpha * s.sigma / (s.alpha * t.sigma);
    const double tau = eta == 0 ? 0 : (std::min)(1.0, eta * (1 - q) * (1 + q));
    // 1 - τ is q² for η = 1: written so that no difference of nearly equal numbers is left in it.
    const double kept = eta == 1 ? q : std::sqrt(1 - tau);
    stages.push_back(kept_step(t, s, kept, std::sqrt(tau)));
  }
};

}  // namespace azula
