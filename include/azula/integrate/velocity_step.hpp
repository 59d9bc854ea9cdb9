#pragma once
/// \file
/// What Runge–Kutta methods on the velocity share: with y = x/(α + σ) and u = σ/(α + σ), dy/du = v = (y - m)/u.

#include "azula/integrate/step_builder.hpp"
#include "azula/integrate/velocity_form.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// α + σ, by which a state is y.
inline double flow_scale(const Node& n) { return n.alpha + n.sigma; }

/// v at y, whose mean is asked for at the node; the state of the step must be there.
inline Combination velocity(StepBuilder& step, const Combination& y, const Node& n) {
  return 1 / VelocityForm{}.variable(n) * (y - step.evaluate(n));
}

/// The node between t and s in the middle of u.
inline Node flow_middle(const TimeGrid& grid, const Node& t, const Node& s) {
  const double alpha = t.alpha / flow_scale(t) + s.alpha / flow_scale(s);
  const double sigma = t.sigma / flow_scale(t) + s.sigma / flow_scale(s);
  return grid.between(t, s, log_snr(alpha, sigma));
}

}  // namespace azula
