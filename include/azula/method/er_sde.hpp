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

/// The extended reverse-time SDE with noise scale φ, in terms of the denoised mean m and with ρ = σ/α as the variable.
///
/// A step with fresh noise ε is
///
///     x_s = α_s (φ_s/φ_t x_t/α_t + φ_s ∫_{ρ_s}^{ρ_t} φ'/φ² m dρ + √(ρ_s² - ρ_t² φ_s²/φ_t²) ε)
///
/// with φ(ρ) = ρ (e^{ρ^0.3} + 10), the choice of the paper's authors.
struct ExtendedReverseForm {
  double variable(const Node& n) const { return n.sigma / n.alpha; }

  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    const double rho = variable(t), end = log_phi(variable(s));
    // With log ρ as the variable of the quadrature: in it φ is smooth over distances of about 1.
    const auto weighted = [&](double w) {
      const double at = rho * std::exp(w);
      return std::exp(end - log_phi(at)) * slope(at) * f(rho * std::expm1(w));
    };
    return -s.alpha * gauss_legendre(weighted, std::log(variable(s) / rho), 1);
  }
  Stage prediction(const Node&) const { return {.u = 0, .v = 1}; }
  Stage first_order(const Node& t, const Node& s) const {
    if (t.alpha == 0) return {.a = 0, .b = s.alpha, .c = s.sigma};
    const double rho_t = variable(t), rho_s = variable(s);
    const double log_q = log_phi(rho_s) - log_phi(rho_t), kept = rho_t * std::exp(log_q);
    return {.a = s.alpha / t.alpha * std::exp(log_q),
            .b = -s.alpha * std::expm1(log_q),
            .c = s.alpha * std::sqrt(std::fmax(0.0, (rho_s - kept) * (rho_s + kept)))};
  }

 private:
  static double log_phi(double rho) {
    const double p = std::pow(rho, 0.3);
    return std::log(rho) + p + std::log1p(10 * std::exp(-p));
  }
  /// ρ φ'/φ, the derivative of log φ by log ρ.
  static double slope(double rho) {
    const double p = std::pow(rho, 0.3);
    return 1 + 0.3 * p / (1 + 10 * std::exp(-p));
  }
};

/// A multistep solver with one evaluation per step and fresh noise in every step: ER-SDE-Solver of stage N.
///
/// Use it with many steps: fresh noise makes samples vary and corrects errors of the network. It is known
/// as er_sde in other programs.
///
///     azula::Sampler sampler(denoiser, azula::ERSDE<3>{}, {.steps = 30});
///
/// It is the step of ExtendedReverseForm with the denoised mean m interpolated in ρ = σ/α at the last N nodes, N from 1
/// to 3. The distribution of the samples converges with order N, at most 2 (docs/orders.md). One draw of noise per
/// step; a step to σ_s = 0 is x_s = α_s m, without noise. The times must fall.
///
/// Two things differ from the authors' code. The integrals are exact; the code sums 100 rectangles. The parabola of
/// stage 3 has its own slope at ρ_t; in the code it is the last difference quotient, which lacks a term of second
/// order.
/// Cui et al., Elucidating the solution space of extended reverse-time SDE for diffusion models, 2023
/// (https://arxiv.org/abs/2309.06169).
template <int N = 3>
struct ERSDE {
  static_assert(N >= 1 && N <= 3, "azula::ERSDE<N>: the stage N must be from 1 to 3");

  bool lower_order_final = false;  ///< in the last steps, lower the order to the number of steps left

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("ERSDE", N); }
  void check() const {}
  ExtendedReverseForm form(const TimeGrid&) const { return {}; }

  /// \throws std::invalid_argument if the times rise: it always draws noise.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    grid.require_falling("ERSDE");
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
