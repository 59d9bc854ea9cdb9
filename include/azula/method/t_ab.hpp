#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"

namespace azula {

/// The noise form of the ODE in the schedule's own time: with y = x/α, dy = z ρ'(t) dt, ρ = σ/α.
struct TimeForm {
  const TimeGrid& grid;  ///< whose nodes give ρ between times

  double variable(const Node& n) const { return n.alpha > 0 ? n.t : -std::log(n.alpha); }

  /// ∫ ρ'(t) f dt = ∫ f(t(ρ)) dρ, over ρ in its logarithm: the derivative of a user's schedule is not asked for.
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double start = std::log(t.sigma / t.alpha), end = std::log(s.sigma / s.alpha);
    const auto weighted = [&](double w) { return std::exp(start + w) * f(grid.between(t, s, -start - w).t - t.t); };
    return s.alpha * gauss_legendre(weighted, end - start, 0.25);
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

/// DEIS, tAB: Adams–Bashforth on the noise prediction interpolated in t,
///
///     x_s = α_s (x_t/α_t + ∫_t^s ρ'(u) z(u) du),    z interpolated at the last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one evaluation
/// per step. tAB<1> is Euler. zAB is DEIS in ρ, zEAB DEIS in log ρ.
/// Zhang and Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2023
/// (https://arxiv.org/abs/2204.13902).
template <int N = 2>
struct tAB {
  static_assert(MultistepOrder<N>, "azula::tAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("tAB", N); }
  void check() const {}
  TimeForm form(const TimeGrid& grid) const { return {grid}; }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
