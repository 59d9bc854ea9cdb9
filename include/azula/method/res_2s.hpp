#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// A second-order solver with two evaluations per step, deterministic by default and with noise for η > 0.
///
/// It is known as res_2s in other programs.
///
///     azula::Sampler sampler(denoiser, azula::RES2S{.eta = 0.5}, {.steps = 10});
///
/// It is an exponential Runge–Kutta method in λ = log α/σ: the linear part of the ODE is integrated exactly, and
/// between the two evaluations the denoised mean is taken to be a straight line, which is integrated exactly, too:
///
///     x' = (σ_m/σ_t) e^{-ηrh} x_t + α_m ψ_0(rE) m(x_t) + σ_m √(1 - e^{-2ηrh}) ε,    λ_m = λ_t + r h
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (ψ_0(E) m(x_t) + ψ_1(E)/(rE) (m(x') - m(x_t))) + noise
///
/// with h = λ_s - λ_t, E = (1 + η) h and the functions ψ_k of psi(). The noise of both lines belongs to one path, as in
/// DPMSolverSDE, whose midpoint rule has ψ_0(E)/(2r) in place of ψ_1(E)/(rE). If η > 0, the times must fall and each
/// step draws noise twice, or once for r = 1. A step to σ_s = 0 or from α_t = 0 is of first order and evaluates once.
///
/// r = 1 is ExponentialHeun. With η > 0 the method is also known as SEEDS-2 with φ_2.
/// Zhang et al., Improved Order Analysis and Design of Exponential Integrator for Diffusion Models Sampling, 2023
/// (https://arxiv.org/abs/2308.02157).
struct RES2S {
  double eta = 0;  ///< η in [0, 100]; 0 is the ODE, 1 the reverse SDE of the forward process
  double r = 0.5;  ///< position of the second evaluation within the step in λ, in [0.001, 1]

  static constexpr int history = 2;

  std::string name() const { return "RES2S"; }
  /// \throws std::invalid_argument if an option is out of range.
  void check() const {
    require_eta("RES2S", eta);
    require_in(0.001, 1, "RES2S", "r", r);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const ExponentialDataForm form{eta};
    if (!has_log_snr_length(t, s)) return stages.push_back(first_order_stage(form, t, s));
    const double h = log_snr(s) - log_snr(t), E = (1 + eta) * h;
    const Node middle = r == 1 ? s : grid.at_log_snr(log_snr(t) + r * h, i);
    const Stage to_middle = form.first_order(t, middle), whole = form.first_order(t, s);
    StepBuilder step(stages);
    const Combination x = step.start(), m = step.evaluate(t);
    step.go(to_middle.a * x + to_middle.b * m, middle, to_middle.c);
    const Combination change = step.evaluate(middle) - m;
    const double rest = r == 1 ? 0 : form.first_order(middle, s).c;
    step.go(whole.a * x + whole.b * m + s.alpha * psi(1, E) / (r * E) * change, s, rest);
  }
};

}  // namespace azula
