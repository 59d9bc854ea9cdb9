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

/// The probability-flow ODE in terms of the denoised mean m, with λ = log α/σ as the variable; an SDE for η > 0.
///
/// The SDE has the same distributions p(x_t) as the ODE. Its step of length h = λ_s - λ_t, with fresh noise ε, is
///
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (1+η) ∫_0^h e^{-(1+η)(h-v)} m dv + σ_s √(1 - e^{-2ηh}) ε,   h = λ_s - λ_t
struct ExponentialDataForm {
  double eta = 0;  ///< η, the share of fresh noise: 0 is the ODE, 1 the reverse SDE

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

/// The first-order step of ExponentialDataForm; to σ_s = 0 it is x_s = α_s m, without noise.
inline Stage first_order_stage(const ExponentialDataForm& form, const Node& t, const Node& s) {
  Stage stage = s.sigma == 0 ? clean_step(t, s) : form.first_order(t, s);
  stage.time = t.t;
  stage.next = s.t;
  return stage;
}

/// A multistep solver of order N with one evaluation per step that extrapolates the denoised mean in λ = log α/σ.
///
/// xEAB<2> is DPM-Solver++(2M) in its Taylor form. From about twenty evaluations on use xEAB<2> or xEAB<3> on
/// log_snr_times; for up to ten use Bounded{xEAB<2>{}} on any times. It also suits EDM networks without guidance.
///
///     azula::Sampler sampler(denoiser, azula::xEAB<2>{}, azula::log_snr_times(schedule, {.stop = 0.01, .steps = 20}));
///
/// It is the exponential Adams–Bashforth method on the mean m:
///
///     x_s = σ_s (x_t/σ_t + ∫_{λ_t}^{λ_s} e^λ m(λ) dλ),    m interpolated at the last N nodes
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8; xEAB<1> is Euler. A step to σ_s = 0 is x_s = α_s m. The method
/// remembers the mean as the denoiser wrote it, so an update writes x and nothing else.
///
/// Extrapolating over a last step that is long in λ is unstable, and few steps that grow can diverge: use a grid even
/// in λ, `lower_order_final`, or Bounded.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095).
template <int N = 2>
struct xEAB {
  static_assert(MultistepOrder<N>, "azula::xEAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left
  bool compat = false;             ///< use other libraries' weights of 2M and 3M, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("xEAB", N); }

  /// \throws std::invalid_argument if compat is true and the order is above 3.
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
