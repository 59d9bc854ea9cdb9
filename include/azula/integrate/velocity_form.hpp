#pragma once
/// \file

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The probability-flow ODE in terms of the velocity v = z - m, with u = σ/(α + σ) as the variable.
///
/// With y = x/(α + σ) it is dy = v du, where z is the predicted noise and m the denoised mean.
struct VelocityForm {
  double variable(const Node& n) const { return n.sigma / (n.alpha + n.sigma); }
  double difference(const Node& from, const Node& to) const {
    return (to.sigma * from.alpha - to.alpha * from.sigma) / ((to.alpha + to.sigma) * (from.alpha + from.sigma));
  }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    return (s.alpha + s.sigma) * gauss_legendre(f, difference(t, s));
  }
  Stage prediction(const Node& n) const { return {.u = 1 / n.sigma, .v = -1 - n.alpha / n.sigma}; }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

}  // namespace azula
