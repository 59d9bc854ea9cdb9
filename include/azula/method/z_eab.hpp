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

/// The noise form of the ODE in u = log ρ, ρ = σ/α: with y = x/α, dy = e^u z du.
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

/// Exponential Adams–Bashforth on the noise prediction, in u = log ρ, ρ = σ/α:
///
///     x_s = α_s (x_t/α_t + ∫_{u_t}^{u_s} e^u z(u) du),    z interpolated at the last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one
/// evaluation per step. zEAB<1> is Euler; zEAB<2> is DPM-Solver multistep (Taylor form).
/// Lu et al., DPM-Solver, 2022 (https://arxiv.org/abs/2206.00927).
template <int N = 2>
struct zEAB {
  static_assert(MultistepOrder<N>, "azula::zEAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left
  bool compat = false;             ///< the widespread 2M and 3M instead, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("zEAB", N); }

  /// \throws std::invalid_argument if compat is asked of an order above 3.
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
