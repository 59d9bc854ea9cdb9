#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/velocity_step.hpp"

namespace azula {

/// A fourth-order one-step solver for flow models with four evaluations per step; use it for inversion.
///
/// It draws no noise and needs no starting values.
///
///     azula::Sampler invert(denoiser, azula::VelocityRK4{}, {.start = 0.01, .stop = 1, .steps = 10});
///
/// It is the classical Runge–Kutta method on the velocity v:
///
///     y_s = y_t + (u_s - u_t) (v_1 + 2 v_2 + 2 v_3 + v_4)/6
///
/// with u = σ/(α + σ), y = x/(α + σ) and v = z - m, the predicted noise less the denoised mean. On a straight flow y is
/// x and u is σ. The first step may start from pure noise (α_t = 0). A step to σ_s = 0, where nothing can be evaluated,
/// is Euler's and has an error of second order. RK4 is the same method in log σ/α.
/// Lipman et al., Flow Matching for Generative Modeling, 2023 (https://arxiv.org/abs/2210.02747).
struct VelocityRK4 {
  static constexpr int history = 4;

  std::string name() const { return "VelocityRK4"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (s.sigma == 0) return stages.push_back(ode_step(t, s));
    const double h = VelocityForm{}.difference(t, s);
    const Node middle = flow_middle(grid, t, s);
    StepBuilder step(stages);
    const Combination y = 1 / flow_scale(t) * step.start();
    const Combination v_1 = velocity(step, y, t), y_2 = y + h / 2 * v_1;
    step.go(flow_scale(middle) * y_2, middle);
    const Combination v_2 = velocity(step, y_2, middle), y_3 = y + h / 2 * v_2;
    step.go(flow_scale(middle) * y_3, middle);
    const Combination v_3 = velocity(step, y_3, middle), y_4 = y + h * v_3;
    step.go(flow_scale(s) * y_4, s);
    const Combination v_4 = velocity(step, y_4, s);
    step.go(flow_scale(s) * (y + h / 6 * (v_1 + 2 * v_2 + 2 * v_3 + v_4)), s);
  }
};

}  // namespace azula
