#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/multistep.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/integrate/order.hpp"
#include "azula/integrate/widespread_weights.hpp"

namespace azula {

/// The probability-flow ODE in terms of the predicted noise z, with u = log ρ as the variable, ρ = σ/α.
///
/// With y = x/α it is dy = e^u z du.
struct ExponentialNoiseForm {
  double variable(const Node& n) const { return std::log(n.sigma / n.alpha); }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const auto weighted = [&](double v) { return std::exp(v) * f(v); };
    return s.alpha * (t.sigma / t.alpha) * gauss_legendre(weighted, variable(s) - variable(t), 8);
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const { return ode_step(t, s); }
};

/// A multistep solver of order N with one evaluation per step that extrapolates the predicted noise in log σ/α.
///
/// zEAB<2> is multistep DPM-Solver in its Taylor form. Use it with many steps on times even in that variable
/// (log_snr_times), and to reproduce DPM-Solver. The DEIS of diffusers is this method as well.
///
///     azula::Sampler sampler(denoiser, azula::zEAB<2>{}, azula::log_snr_times(schedule, {.stop = 0.01, .steps = 20}));
///
/// It is the exponential Adams–Bashforth method on the predicted noise z in u = log ρ, ρ = σ/α:
///
///     x_s = α_s (x_t/α_t + ∫_{u_t}^{u_s} e^u z(u) du),    z interpolated at the last N nodes
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8; zEAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m, with the denoised
/// mean m.
/// Lu et al., DPM-Solver, 2022 (https://arxiv.org/abs/2206.00927).
template <int N = 2>
struct zEAB {
  static_assert(MultistepOrder<N>, "azula::zEAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left
  bool compat = false;             ///< use other libraries' weights of 2M and 3M, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("zEAB", N); }

  /// \throws std::invalid_argument if compat is true and the order is above 3.
  void check() const {
    require(!compat || N <= 3, "zEAB", "compat exists for the orders 1 to 3", N);
  }

  ExponentialNoiseForm form(const TimeGrid&) const { return {}; }

  NodeWeights weights(const ExponentialNoiseForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (compat && others.count <= 2) return widespread_weights(form, others, t, s);
    return exact_weights(form, others, t, s);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
