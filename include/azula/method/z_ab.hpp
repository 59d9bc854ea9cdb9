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

/// The probability-flow ODE in terms of the predicted noise z, with ρ = σ/α as the variable.
///
/// With y = x/α it is dy = z dρ.
struct NoiseForm {
  double variable(const Node& n) const { return n.sigma / n.alpha; }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    return s.alpha * gauss_legendre(f, variable(s) - variable(t));
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

/// A multistep solver of order N with one evaluation per step that extrapolates the predicted noise in ρ = σ/α.
///
/// For up to ten evaluations use it inside Bounded: Bounded{zAB<3>{}} is never more than 1.1 times as far off as Euler
/// in the tables of docs/few_steps.md.
///
///     azula::Sampler sampler(denoiser, azula::Bounded{azula::zAB<3>{}}, {.steps = 8});
///
/// It is the Adams–Bashforth method on z, known as the linear multistep method (LMS):
///
///     x_s = α_s (x_t/α_t + ∫_{ρ_t}^{ρ_s} z(ρ) dρ),    z interpolated at the last N nodes
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8; zAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m, with the denoised
/// mean m. With `extrapolate_final` it has the order N too, but it extrapolates z over the whole remaining range of ρ.
///
/// iPNDM with variable steps, known as ipndm_v, is this method; widespread code of ipndm_v has mistakes at orders 3 and
/// 4.
/// Zhang and Chen, Fast Sampling of Diffusion Models with Exponential Integrator, 2023
/// (https://arxiv.org/abs/2204.13902).
template <int N = 2>
struct zAB {
  static_assert(MultistepOrder<N>, "azula::zAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left
  bool extrapolate_final = false;  ///< keep the order in a step to σ = 0, as k-diffusion's LMS does

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
