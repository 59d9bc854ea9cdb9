#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Gradient estimation: Euler's step along the noise seen now, pushed away from the noise seen before:
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) (γ z + (1 - γ) z_before)),    z = (x_t - α_t m)/σ_t,    ρ = σ/α
///
/// If what the network predicts is wrong in nearly the same way twice, the difference of both points to where the error
/// is less. First order; one evaluation per step. The first step is Euler's, that to σ_s = 0 is x_s = α_s m. γ = 1 is
/// Euler, γ = 3/2 is FixedAB<2>.
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
