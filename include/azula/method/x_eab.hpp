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

/// The data form in λ = log α/σ of the ODE and, for η > 0, of the SDE that has the same p(x_t):
///
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (1+η) ∫_0^h e^{-(1+η)(h-v)} m dv + σ_s √(1 - e^{-2ηh}) ε,   h = λ_s - λ_t
struct ExponentialDataForm {
  double eta = 0;  ///< share of the noise: 0 is the ODE

  double variable(const Node& n) const { return std::log(n.alpha / n.sigma); }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double h = variable(s) - variable(t);
    const auto weighted = [&](double v) { return std::exp((1 + eta) * (v - h)) * f(v); };
    return s.alpha * (1 + eta) * gauss_legendre(weighted, h, 8 / (1 + eta));
  }
  Stage prediction(const Node&) const { return {.u = 0, .v = 1}; }
  Stage first_order(const Node& t, const Node& s) const {
    if (eta == 0) return ode_step(t, s);
    const double q = t.alpha * s.sigma / (s.alpha * t.sigma);  // e^{-h}
    const double kept = std::pow(q, eta), log_q = std::log(q);
    return {.a = s.sigma / t.sigma * kept,
            .b = -s.alpha * std::expm1((1 + eta) * log_q),
            .c = s.sigma * std::sqrt(-std::expm1(2 * eta * log_q))};
  }
};

/// The step of first order in that form; to σ_s = 0 it is x_s = α_s m, without noise.
inline Stage first_order_stage(const ExponentialDataForm& form, const Node& t, const Node& s) {
  Stage stage = s.sigma == 0 ? clean_step(t, s) : form.first_order(t, s);
  stage.time = t.t;
  stage.next = s.t;
  return stage;
}

/// Exponential Adams–Bashforth on the data prediction, in λ = log α/σ:
///
///     x_s = σ_s (x_t/σ_t + ∫_{λ_t}^{λ_s} e^λ m(λ) dλ),    m interpolated at the last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one
/// evaluation per step. The mean itself is remembered, so the update writes x alone. Extrapolating
/// over a last step that is long in λ is unstable: use a grid uniform in λ or lower_order_final.
/// xEAB<1> is Euler; xEAB<2> is DPM-Solver++(2M) (Taylor form).
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095).
template <int N = 2>
struct xEAB {
  static_assert(MultistepOrder<N>, "azula::xEAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left
  bool compat = false;             ///< the widespread 2M and 3M instead, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("xEAB", N); }

  /// \throws std::invalid_argument if compat is asked of an order above 3.
  void check() const {
    require(!compat || N <= 3, "xEAB", "compat exists for the orders 1 to 3", N);
  }

  ExponentialDataForm form(const TimeGrid&) const { return {}; }

  NodeWeights weights(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (compat && others.count <= 2) return widespread_weights(form, others, t, s);
    return exact_weights(form, others, t, s);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
