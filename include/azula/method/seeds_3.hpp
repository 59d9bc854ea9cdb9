#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// A solver with three evaluations per step and fresh noise in every step: SEEDS-3.
///
/// It is known as seeds_3 in other programs.
///
///     azula::Sampler sampler(denoiser, azula::SEEDS3{}, {.steps = 15});
///
/// It is an exponential Runge–Kutta method on the reverse SDE, in λ = log α/σ on the denoised mean m, whose values at
/// the three evaluations are m, m_1 and m_2:
///
///     x_1 = (σ_1/σ_t) e^{-ηr_1h} x_t + α_1 ψ_0(r_1E) m + noise
///     x_2 = (σ_2/σ_t) e^{-ηr_2h} x_t + α_2 (ψ_0(r_2E) m + ψ_1(r_2E)/(r_1E) (m_1 - m)) + noise
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (ψ_0(E) m + ψ_1(E)/(r_2E) (m_2 - m)) + noise,    E = (1 + η) h
///
/// with h = λ_s - λ_t and the functions ψ_k of psi(). The noise of all three lines is one Ornstein–Uhlenbeck path, as
/// in DPMSolverSDE, which is SEEDS-2.
///
/// The distribution of the samples converges with order 2. Three draws of noise per step; η = 0 is DPMSolver3S and
/// draws none. A step to σ_s = 0 or from α_t = 0 is of first order and evaluates once. If η > 0 the times must fall.
/// Gonzalez et al., SEEDS, 2023 (https://arxiv.org/abs/2305.14267).
struct SEEDS3 {
  double eta = 1;        ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  double r_1 = 1.0 / 3;  ///< position of the second evaluation within the step in λ, in [0.001, r_2)
  double r_2 = 2.0 / 3;  ///< position of the third one, in (r_1, 0.999]

  static constexpr int history = 3;

  std::string name() const { return "SEEDS3"; }
  /// \throws std::invalid_argument if η is out of range, or unless 0.001 <= r_1 < r_2 <= 0.999.
  void check() const {
    require_eta("SEEDS3", eta);
    require_in(0.001, 0.999, "SEEDS3", "r_1", r_1);
    require_in(0.001, 0.999, "SEEDS3", "r_2", r_2);
    require(r_1 < r_2, "SEEDS3", "r_1 must be less than r_2", r_1);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const ExponentialDataForm form{eta};
    if (!has_log_snr_length(t, s)) return stages.push_back(first_order_stage(form, t, s));
    const double h = log_snr(s) - log_snr(t), E = (1 + eta) * h;
    const Node first = grid.at_log_snr(log_snr(t) + r_1 * h, i), second = grid.at_log_snr(log_snr(t) + r_2 * h, i);
    StepBuilder step(stages);
    const Combination x = step.start(), m = step.evaluate(t);
    const auto to = [&](const Node& n) { return form.first_order(t, n).a * x + form.first_order(t, n).b * m; };
    step.go(to(first), first, form.first_order(t, first).c);
    const Combination m_1 = step.evaluate(first);
    const Combination change = psi(1, r_2 * E) / (r_1 * E) * (m_1 - m);
    step.go(to(second) + second.alpha * change, second, form.first_order(first, second).c);
    const Combination m_2 = step.evaluate(second);
    step.go(to(s) + s.alpha * psi(1, E) / (r_2 * E) * (m_2 - m), s, form.first_order(second, s).c);
  }
};

}  // namespace azula
