#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/velocity_step.hpp"

namespace azula {

/// A second-order one-step solver for flow models with two evaluations per step.
///
/// It is the FlowMatchHeunDiscreteScheduler of diffusers.
///
///     azula::Sampler sampler(denoiser, azula::VelocityHeun{}, {.steps = 14});
///
/// It is Heun's method on the velocity v. A first step to s uses the velocity at t, a second one the mean of the
/// velocities at both ends:
///
///     y' = y_t + (u_s - u_t) v(y_t),    y_s = y_t + (u_s - u_t) (v(y_t) + v(y'))/2
///
/// with u = σ/(α + σ), y = x/(α + σ) and v = z - m, the predicted noise less the denoised mean. On a straight flow y is
/// x and u is σ. The first step may start from pure noise (α_t = 0). A step to σ_s = 0, where nothing can be evaluated,
/// is Euler's.
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct VelocityHeun {
  static constexpr int history = 2;

  std::string name() const { return "VelocityHeun"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (s.sigma == 0) return stages.push_back(ode_step(t, s));
    const double h = VelocityForm{}.difference(t, s);
    StepBuilder step(stages);
    const Combination y = 1 / flow_scale(t) * step.start();
    const Combination v = velocity(step, y, t), ahead = y + h * v;
    step.go(flow_scale(s) * ahead, s);
    step.go(flow_scale(s) * (y + h / 2 * (v + velocity(step, ahead, s))), s);
  }
};

}  // namespace azula
