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

/// The probability-flow ODE in terms of the predicted noise z, with the schedule's own time t as the variable.
///
/// With y = x/α and ρ = σ/α it is dy = z ρ'(t) dt.
struct TimeForm {
  const TimeGrid& grid;  ///< the grid whose schedule gives ρ between two nodes

  double variable(const Node& n) const { return n.alpha > 0 ? n.t : -std::log(n.alpha); }

  /// ∫ ρ'(t) f dt, computed as ∫ f(t(ρ)) dρ with log ρ as the variable of the quadrature. So the derivative ρ' of a
  /// user's schedule is never needed.
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double start = std::log(t.sigma / t.alpha), end = std::log(s.sigma / s.alpha);
    const auto weighted = [&](double w) { return std::exp(start + w) * f(grid.between(t, s, -start - w).t - t.t); };
    return s.alpha * gauss_legendre(weighted, end - start, 0.25);
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

/// A multistep solver of order N with one evaluation per step that extrapolates the predicted noise in time: DEIS.
///
/// Use it to reproduce DEIS, for instance the sampler that other programs call deis (tAB<3>). zAB is DEIS in ρ = σ/α
/// and zEAB is DEIS in log ρ.
///
///     azula::Sampler sampler(denoiser, azula::tAB<3>{}, {.steps = 20});
///
/// It is the Adams–Bashforth method on the predicted noise z, interpolated in the time u at the last N nodes:
///
///     x_s = α_s (x_t/α_t + ∫_t^s ρ'(u) z(u) du),    z interpolated at the last N nodes
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8; tAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m, with the denoised
/// mean m.
/// Zhang and Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2023
/// (https://arxiv.org/abs/2204.13902).
template <int N = 2>
struct tAB {
  static_assert(MultistepOrder<N>, "azula::tAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left

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
