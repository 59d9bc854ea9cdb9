#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/multistep.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/integrate/order.hpp"

namespace azula {

/// The noise form of the ODE in ρ: with y = x/α, dy = z dρ.
struct NoiseForm {
  double variable(const Node& n) const { return n.sigma / n.alpha; }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    return s.alpha * gauss_legendre(f, variable(s) - variable(t));
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

/// Adams–Bashforth on the noise prediction, in ρ = σ/α (the linear multistep method, LMS):
///
///     x_s = α_s (x_t/α_t + ∫_{ρ_t}^{ρ_s} z(ρ) dρ),    z interpolated at the last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one
/// evaluation per step. zAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m, unless `extrapolate_final`: the
/// integral exists there, but z is extrapolated over all of the last ρ. iPNDM with variable steps, known as ipndm_v, is
/// this method; common code of it has slips in the orders 3 and 4.
/// Zhang and Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2023
/// (https://arxiv.org/abs/2204.13902).
template <int N = 2>
struct zAB {
  static_assert(MultistepOrder<N>, "azula::zAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left
  bool extrapolate_final = false;  ///< keep the order in a step to σ = 0 too, as k-diffusion's LMS does

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("zAB", N); }
  void check() const {}
  NoiseForm form(const TimeGrid&) const { return {}; }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
