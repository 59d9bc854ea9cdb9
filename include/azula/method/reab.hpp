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

/// The probability-flow ODE in terms of what a network with EDM's preconditioning predicts.
///
/// With r = √(α² + σ²), y = x/r and φ = arctan σ/α it is dy = p dφ, where p = (α x - r² m)/(r σ) and m is the denoised
/// mean. The variable of interpolation is u = log σ/α, in which dφ = du/(2 cosh u).
struct RosenbrockForm {
  double variable(const Node& n) const { return std::log(n.sigma / n.alpha); }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double u = variable(t);
    const auto weighted = [&](double v) { return f(v) / (2 * std::cosh(u + v)); };
    return std::hypot(s.alpha, s.sigma) * gauss_legendre(weighted, variable(s) - u, 1);  // 1/cosh has poles at ±iπ/2
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

/// A multistep solver of order N with one evaluation per step that suits EDM networks without guidance.
///
///     azula::Sampler sampler(denoiser, azula::REAB<2>{}, {.steps = 20});
///
/// It is a Rosenbrock-type exponential Adams–Bashforth method. It interpolates the output p of a network with EDM's
/// preconditioning, in u = log σ/α:
///
///     x_s = r_s (x_t/r_t + ∫_{u_t}^{u_s} p(u)/(2 cosh u) du),    r = √(α² + σ²), u = log σ/α,
///     p = (α x - r² m)/(r σ) interpolated at the last N nodes
///
/// The linear part that is integrated exactly belongs to Gaussian data of unit variance; for such data a step is exact.
///
/// Order N with exact starting values. From noise it ramps up from order 1, and a whole run is of order 2 at most;
/// Started restores the order. N is from 1 to 8. Unlike in the other families, REAB<1> is not Euler. A step to σ_s = 0
/// is x_s = α_s m, with the denoised mean m.
///
/// The code of the Python package (0.11) multiplies by √(α_s² + σ_t²), which makes it first order. This class
/// multiplies by r_s, as the documentation of the package says.
/// Zheng et al., DPM-Solver-v3, 2023 (https://arxiv.org/abs/2310.13268) has the general form.
template <int N = 2>
struct REAB {
  static_assert(MultistepOrder<N>, "azula::REAB<N>: the order N must be from 1 to 8");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left

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
