#pragma once
/// \file
/// Steps of exponential Runge–Kutta methods on the denoised mean, in λ = log α/σ with h = λ_s - λ_t.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/integrate/psi.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// λ = log α/σ at a node.
inline double log_snr(const Node& n) { return log_snr(n.alpha, n.sigma); }

/// The exact step from t to m if the mean is constant: σ_m/σ_t x + α_m ψ_0(λ_m - λ_t) mean.
inline Combination data_step(const Combination& x, const Combination& mean, const Node& t, const Node& m) {
  return m.sigma / t.sigma * x + m.alpha * psi(0, log_snr(m) - log_snr(t)) * mean;
}

/// Writes step i of DPM-Solver++(2S), with the mean m_1 seen at λ_t + r h:
///
///     x_s = (σ_s/σ_t) x_t + α_s ψ_0(h) ((1 - 1/(2r)) m + 1/(2r) m_1)
inline void two_stage_step(StepBuilder& step, const TimeGrid& grid, std::size_t i, double r, const Stage& prediction = {}) {
  const Node& t = grid[i];
  const Node& s = grid[i + 1];
  const Node middle = r == 1 ? s : grid.at_log_snr(log_snr(t) + r * (log_snr(s) - log_snr(t)), i);
  const Combination x = step.start(), m = step.evaluate(t, prediction);
  step.go(data_step(x, m, t, middle), middle);
  const Combination m_1 = step.evaluate(middle);
  step.go(data_step(x, (1 - 1 / (2 * r)) * m + 1 / (2 * r) * m_1, t, s), s);
}

/// Writes step i of DPM-Solver++(3S), with the means m_1 and m_2 seen at λ_t + r_1 h and λ_t + r_2 h:
///
///     x_2 = (σ_2/σ_t) x_t + α_2 (ψ_0(r_2 h) m + ψ_1(r_2 h)/(r_1 h) (m_1 - m))
///     x_s = (σ_s/σ_t) x_t + α_s (ψ_0(h) m + ψ_1(h)/(r_2 h) (m_2 - m))
inline void three_stage_step(StepBuilder& step, const TimeGrid& grid, std::size_t i, double r_1, double r_2,
                             const Stage& prediction = {}) {
  const Node& t = grid[i];
  const Node& s = grid[i + 1];
  const double h = log_snr(s) - log_snr(t);
  const Node first = grid.at_log_snr(log_snr(t) + r_1 * h, i), second = grid.at_log_snr(log_snr(t) + r_2 * h, i);
  const Combination x = step.start(), m = step.evaluate(t, prediction);
  step.go(data_step(x, m, t, first), first);
  const Combination m_1 = step.evaluate(first);
  step.go(data_step(x, m, t, second) + second.alpha * psi(1, r_2 * h) / (r_1 * h) * (m_1 - m), second);
  const Combination m_2 = step.evaluate(second);
  step.go(data_step(x, m, t, s) + s.alpha * psi(1, h) / (r_2 * h) * (m_2 - m), s);
}

/// Writes step i of the classical Runge–Kutta method of order 4 in u = log ρ, ρ = σ/α: y = x/α, dy/du = y - m.
inline void four_stage_step(StepBuilder& step, const TimeGrid& grid, std::size_t i, const Stage& prediction = {}) {
  const Node& t = grid[i];
  const Node& s = grid[i + 1];
  const double h = log_snr(t) - log_snr(s);  // the length of the step in u, which is negative
  const Node middle = grid.at_log_snr((log_snr(t) + log_snr(s)) / 2, i);
  const Combination y = 1 / t.alpha * step.start();
  const Combination k_1 = y - step.evaluate(t, prediction);
  const Combination y_2 = y + h / 2 * k_1;
  step.go(middle.alpha * y_2, middle);
  const Combination k_2 = y_2 - step.evaluate(middle);
  const Combination y_3 = y + h / 2 * k_2;
  step.go(middle.alpha * y_3, middle);
  const Combination k_3 = y_3 - step.evaluate(middle);
  const Combination y_4 = y + h * k_3;
  step.go(s.alpha * y_4, s);
  const Combination k_4 = y_4 - step.evaluate(s);
  step.go(s.alpha * (y + h / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4)), s);
}

}  // namespace azula
