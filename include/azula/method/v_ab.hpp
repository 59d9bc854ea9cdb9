#pragma once
/// \file

#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"
#include "azula/integrate/velocity_form.hpp"

namespace azula {

/// A multistep solver of order N with one evaluation per step that extrapolates the velocity; for flow models.
///
/// Use vAB<2>, or Bounded{vAB<2>{}}, for flow models such as Stable Diffusion 3, Flux and Wan. With few steps that
/// grow, the plain method can diverge; Bounded prevents that.
///
///     azula::Sampler sampler(denoiser, azula::vAB<2>{}, {.steps = 28});
///
/// It is the Adams–Bashforth method on the velocity v = z - m in u = σ/(α + σ), with the denoised mean m and the
/// predicted noise z:
///
///     x_s = (α_s + σ_s) (x_t/(α_t + σ_t) + ∫_{u_t}^{u_s} v(u) du),    v = z - m interpolated at the
///     last N nodes
///
/// In the variables x/(α + σ) and u every schedule is a straight flow; where α + σ = 1 they are x and σ themselves.
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8; vAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m.
template <int N = 2>
struct vAB {
  static_assert(MultistepOrder<N>, "azula::vAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left

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
