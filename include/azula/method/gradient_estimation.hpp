#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A first-order solver with one evaluation per step that corrects the predicted noise by its change since the last
/// step.
///
/// It is known as gradient_estimation or euler_ge in other programs.
///
///     azula::Sampler sampler(denoiser, azula::GradientEstimation{.gamma = 2}, {.steps = 20});
///
/// It is Euler's step along a noise that is extrapolated from the one seen at the last node, z_before, and the current
/// z:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) (γ z + (1 - γ) z_before)),    z = (x_t - α_t m)/σ_t,    ρ = σ/α
///
/// The idea: if the network makes nearly the same error twice, the difference of its two predictions points to where
/// the error is smaller. The first step is Euler's; a step to σ_s = 0 is x_s = α_s m, with the denoised mean m. γ = 1
/// is Euler, γ = 3/2 is FixedAB<2>.
/// Permenter and Yuan, Interpreting and Improving Diffusion Models from an Optimization Perspective, 2024
/// (https://arxiv.org/abs/2306.04848), algorithm 2.
struct GradientEstimation {
  double gamma = 2;  ///< γ in [0, 100]

  static constexpr int history = 2;

  std::string name() const { return "GradientEstimation"; }
  /// \throws std::invalid_argument if γ is out of range.
  void check() const { require_in(0, 100, "GradientEstimation", "gamma", gamma); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (s.sigma == 0) return stages.push_back(clean_step(t, s));
    Stage stage = ode_step(t, s);
    const Stage noise = noise_prediction(t);
    stage.u = noise.u;
    stage.v = noise.v;
    if (i > 0) {
      const double push = (gamma - 1) * (s.sigma - s.alpha * t.sigma / t.alpha);
      stage.a += push * stage.u;
      stage.b += push * stage.v;
      stage.h[0] = -push;
      stage.older = 1;
    }
    stages.push_back(stage);
  }
};

}  // namespace azula
