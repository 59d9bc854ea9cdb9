#pragma once
/// \file
/// Parts of Runge–Kutta methods on the velocity v: with y = x/(α + σ) and u = σ/(α + σ), dy/du = v = (y - m)/u.

#include "azula/integrate/step_builder.hpp"
#include "azula/integrate/velocity_form.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// The factor α + σ by which a state x is divided to give y.
inline double flow_scale(const Node& n) { return n.alpha + n.sigma; }

/// The velocity v at y, with an evaluation of the denoiser at the node. The current state of the step must be y's state
/// there.
inline Combination velocity(StepBuilder& step, const Combination& y, const Node& n) {
  return 1 / VelocityForm{}.variable(n) * (y - step.evaluate(n));
}

/// The node half way between t and s in u.
inline Node flow_middle(const TimeGrid& grid, const Node& t, const Node& s) {
  const double alpha = t.alpha / flow_scale(t) + s.alpha / flow_scale(s);
  const double sigma = t.sigma / flow_scale(t) + s.sigma / flow_scale(s);
  return grid.between(t, s, log_snr(alpha, sigma));
}

}  // namespace azula
