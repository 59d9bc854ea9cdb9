#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/velocity_step.hpp"

namespace azula {

/// A second-order one-step solver for flow models with two evaluations per step, the second one half way.
///
///     azula::Sampler sampler(denoiser, azula::VelocityMidpoint{}, {.steps = 14});
///
/// It is the midpoint rule on the velocity v:
///
///     y_m = y_t + (u_m - u_t) v(y_t),    y_s = y_t + (u_s - u_t) v(y_m),    u_m = (u_t + u_s)/2
///
/// with u = σ/(α + σ), y = x/(α + σ) and v = z - m, the predicted noise less the denoised mean. On a straight flow y is
/// x and u is σ. On Gaussian data the order is 3. The first step may start from pure noise (α_t = 0).
///
/// A step to σ_s = 0 is Euler's. With `extrapolate_final` the rule is used there, too: from u_m = u_t/2 it leads to
/// x_s = α_s (2 m(y_m) - m(y_t)), which can lie outside the range of the data.
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct VelocityMidpoint {
  bool extrapolate_final = false;  ///< use the rule in a step to σ = 0, as solvers for flow matching do

  static constexpr int history = 2;

  std::string name() const { return "VelocityMidpoint"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (s.sigma == 0 && !extrapolate_final) return stages.push_back(ode_step(t, s));
    const VelocityForm form;
    const Node middle = flow_middle(grid, t, s);
    StepBuilder step(stages);
    const Combination y = 1 / flow_scale(t) * step.start();
    const Combination half_way = y + form.difference(t, middle) * velocity(step, y, t);
    step.go(flow_scale(middle) * half_way, middle);
    step.go(flow_scale(s) * (y + form.difference(t, s) * velocity(step, half_way, middle)), s);
  }
};

}  // namespace azula
