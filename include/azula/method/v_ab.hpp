#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"
#include "azula/integrate/velocity_form.hpp"

namespace azula {

/// Adams–Bashforth on the velocity prediction, in u = σ/(α + σ):
///
///     x_s = (α_s + σ_s) (x_t/(α_t + σ_t) + ∫_{u_t}^{u_s} v(u) du),    v = z - m interpolated at the
///     last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one
/// evaluation per step. Every schedule becomes a straight flow in these variables; for the rectified
/// one they are the schedule's own. vAB<1> is Euler.
template <int N = 2>
struct vAB {
  static_assert(MultistepOrder<N>, "azula::vAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("vAB", N); }
  void check() const {}
  VelocityForm form(const TimeGrid&) const { return {}; }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
