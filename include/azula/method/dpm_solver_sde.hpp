#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// DPM-Solver++ SDE with two evaluations per step: the SDE of ExponentialDataForm, with the mean seen at
/// λ_m = λ_t + r h,
///
///     x' = (σ_m/σ_t) e^{-ηrh} x_t + α_m ψ_0((1+η) r h) m(x_t) + σ_m √(1 - e^{-2ηrh}) ε
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s ψ_0((1+η) h) ((1 - 1/(2r)) m(x_t) + 1/(2r) m(x')) + noise
///
/// The noise of both is one Ornstein–Uhlenbeck path: what x' has got moves on to x_s, where fresh noise
/// completes it. (k-diffusion draws both from one Brownian path in σ, which correlates them differently.)
/// Two evaluations and two draws per step. η = 0 is DPMSolver2S. A step to σ_s = 0 or from α_t = 0 is of
/// first order, with one evaluation.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
struct DPMSolverSDE {
  double eta = 1;  ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  double r = 0.5;  ///< where the second evaluation lies, in [0.001, 0.999]

  static constexpr int history = 2;

  std::string name() const { return "DPMSolverSDE"; }
  /// \throws std::invalid_argument if an option is out of range.
  void check() const {
    require_eta("DPMSolverSDE", eta);
    require_in(0.001, 0.999, "DPMSolverSDE", "r", r);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const ExponentialDataForm form{eta};
    if (!has_log_snr_length(t, s)) return stages.push_back(first_order_stage(form, t, s));
    const Node middle = grid.at_log_snr(log_snr(t) + r * (log_snr(s) - log_snr(t)), i);
    const Stage to_middle = form.first_order(t, middle), whole = form.first_order(t, s);
    StepBuilder step(stages);
    const Combination x = step.start(), m = step.evaluate(t);
    step.go(to_middle.a * x + to_middle.b * m, middle, to_middle.c);
    const Combination m_1 = step.evaluate(middle);
    step.go(whole.a * x + whole.b * ((1 - 1 / (2 * r)) * m + 1 / (2 * r) * m_1), s, form.first_order(middle, s).c);
  }
};

/// The same in its data form, by another name: SEEDS, 2023 (https://arxiv.org/abs/2305.14267), of two evaluations.
using SEEDS2 = DPMSolverSDE;

}  // namespace azula
