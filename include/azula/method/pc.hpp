#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A predictor–corrector sampler of first order: Langevin-like corrections before each Euler step.
///
/// Use it with many steps, for models of Song's score SDE.
///
///     azula::Sampler sampler(denoiser, azula::PC{}, {.stop = 1e-3, .steps = 1000});
///
/// Before each Euler step it does `corrections` times, at time t,
///
///     x_t <- α_t m + σ_t √(1 - δ) z + σ_t √δ ε,    z = (x_t - α_t m)/σ_t
///
/// that is, it replaces a share δ of the predicted noise z by fresh noise ε; m is the denoised mean. Each step takes
/// 1 + `corrections` evaluations and `corrections` draws of noise; with corrections the times must fall.
///
/// A correction leaves p(x_t) unchanged only in the limit δ → 0. The bias of order δ does not vanish with more steps.
/// Song et al., Score-Based Generative Modeling through Stochastic Differential Equations, 2021
/// (https://arxiv.org/abs/2011.13456).
struct PC {
  int corrections = 1;  ///< corrections per step, in [0, 1000]
  double delta = 0.01;  ///< δ, the share of the noise that a correction replaces, in [0, 1]

  static constexpr int history = 1;

  std::string name() const { return "PC"; }

  /// \throws std::invalid_argument if an option is out of range.
  void check() const {
    require_in(0, 1000, "PC", "corrections", corrections);
    require_in(0, 1, "PC", "delta", delta);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const double kept = std::sqrt(1 - delta);
    const Stage correct{.time = t.t, .next = t.t, .a = kept, .b = t.alpha * (1 - kept), .c = t.sigma * std::sqrt(delta)};
    stages.insert(stages.end(), static_cast<std::size_t>(corrections), correct);
    stages.push_back(ode_step(t, grid[i + 1]));
  }
};

}  // namespace azula
