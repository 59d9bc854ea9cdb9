#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// A second-order solver with two evaluations per step and fresh noise in every step: DPM-Solver++ SDE.
///
/// It is known as dpmpp_sde, and as SEEDS-2, in other programs.
///
///     azula::Sampler sampler(denoiser, azula::DPMSolverSDE{}, {.steps = 20});
///
/// It is the exponential midpoint rule on the SDE of ExponentialDataForm, with the second mean seen at λ_m = λ_t + r h:
///
///     x' = (σ_m/σ_t) e^{-ηrh} x_t + α_m ψ_0((1+η) r h) m(x_t) + σ_m √(1 - e^{-2ηrh}) ε
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s ψ_0((1+η) h) ((1 - 1/(2r)) m(x_t) + 1/(2r) m(x')) + noise
///
/// with λ = log α/σ, h = λ_s - λ_t, the denoised mean m, fresh noise ε and ψ_0(h) = 1 - e^{-h}. The noise of both lines
/// is one Ornstein–Uhlenbeck path: the noise in x' moves on to x_s, where fresh noise completes it. (k-diffusion draws
/// both from one Brownian path in σ, which correlates them differently.)
///
/// The distribution of the samples converges with order 2. Two draws of noise per step; η = 0 is DPMSolver2S and draws
/// none. A step to σ_s = 0 or from α_t = 0 is of first order and evaluates once. If η > 0 the times must fall.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
struct DPMSolverSDE {
  double eta = 1;  ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  double r = 0.5;  ///< position of the second evaluation within the step in λ, in [0.001, 0.999]

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

/// DPMSolverSDE, by its name in SEEDS, 2023 (https://arxiv.org/abs/2305.14267): the solver of two evaluations in its
/// data form.
using SEEDS2 = DPMSolverSDE;

}  // namespace azula
