#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/velocity_step.hpp"

namespace azula {

/// Heun's method on the velocity of a flow: a step to s with the velocity at t, then with the average of those at both,
///
///     y' = y_t + (u_s - u_t) v(y_t),    y_s = y_t + (u_s - u_t) (v(y_t) + v(y'))/2
///
/// with u = σ/(α + σ), y = x/(α + σ), v = z - m; on a straight flow y is x and u is σ. Second order, two evaluations
/// per step, from α_t = 0 on. A step to σ_s = 0, where nothing is evaluated, is Euler's. It is FlowMatchHeunDiscrete.
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
