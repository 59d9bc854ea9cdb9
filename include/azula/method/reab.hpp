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

/// The form in which an EDM-preconditioned network writes the ODE: with r = √(α² + σ²), y = x/r and
/// φ = arctan σ/α, dy = p dφ, p = (α x - r² m)/(r σ); interpolated in u = log ρ, dφ = du/(2 cosh u).
struct RosenbrockForm {
  double variable(const Node& n) const { return std::log(n.sigma / n.alpha); }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double u = variable(t);
    const auto weighted = [&](double v) { return f(v) / (2 * std::cosh(u + v)); };
    return std::hypot(s.alpha, s.sigma) * gauss_legendre(weighted, variable(s) - u, 1);  // poles at ±iπ/2
  }
  Stage prediction(const Node& n) const {
    const double r = std::hypot(n.alpha, n.sigma);
    return {.u = n.alpha / (r * n.sigma), .v = -r / n.sigma};
  }
  Stage first_order(const Node& t, const Node& s) const {
    const double r_t = std::hypot(t.alpha, t.sigma), r_s = std::hypot(s.alpha, s.sigma);
    const double angle = std::atan2(s.sigma * t.alpha - s.alpha * t.sigma, s.alpha * t.alpha + s.sigma * t.sigma);
    const Stage p = prediction(t);
    return {.a = r_s * (1 / r_t + angle * p.u), .b = r_s * angle * p.v};
  }
};

/// Rosenbrock-type exponential Adams–Bashforth:
///
///     x_s = r_s (x_t/r_t + ∫_{u_t}^{u_s} p(u)/(2 cosh u) du),    r = √(α² + σ²), u = log σ/α,
///     p = (α x - r² m)/(r σ) interpolated at the last N nodes
///
/// Order N (with starting values of that order; the first steps here ramp up from order 1), one
/// evaluation per step. The linear part taken out is that of unit-variance Gaussian data, for which
/// the step is exact; REAB<1> is not Euler. The Python package (0.11) multiplies by √(α_s² + σ_t²),
/// which makes it first order; its documentation and this class have r_s.
/// Zheng et al., DPM-Solver-v3, 2023 (https://arxiv.org/abs/2310.13268) has the general form.
template <int N = 2>
struct REAB {
  static_assert(MultistepOrder<N>, "azula::REAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< lower the order to the number of steps left

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("REAB", N); }
  void check() const {}
  RosenbrockForm form(const TimeGrid&) const { return {}; }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
