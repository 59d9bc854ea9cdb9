#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"

namespace azula {

/// Heun's method with the linear part integrated exactly, in λ = log α/σ on the data prediction:
///
///     x' = (σ_s/σ_t) x_t + α_s ψ_0(h) m(x_t)
///     x_s = x' + α_s ψ_1(h)/h (m(x') - m(x_t))
///
/// Second order, two evaluations per step. A step to σ_s = 0 or from α_t = 0 is Euler's, with one.
/// Hochbruck and Ostermann, Exponential integrators, Acta Numerica 2010, section 2.4.
struct ExponentialHeun {
  static constexpr int history = 2;

  std::string name() const { return "ExponentialHeun"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (!has_log_snr_length(t, s)) return stages.push_back(ode_step(t, s));
    const double h = log_snr(s) - log_snr(t);
    StepBuilder step(stages);
    const Combination m = step.evaluate(t);
    const Combination predicted = data_step(step.start(), m, t, s);
    step.go(predicted, s);
    step.go(predicted + s.alpha * psi(1, h) / h * (step.evaluate(s) - m), s);
  }
};

}  // namespace azula
