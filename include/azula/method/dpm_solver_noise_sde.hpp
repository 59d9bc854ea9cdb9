#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// The noise form of the SDE in u = log ρ, ρ = σ/α: with y = x/α, dy = (1 + η) e^u z du and noise of variance
/// η (ρ_t² - ρ_s²) in a step.
struct ExponentialNoiseSDEForm {
  double eta = 1;  ///< share of the noise: 0 is the ODE

  double variable(const Node& n) const { return ExponentialNoiseForm{}.variable(n); }
  template <class F>
  double integrate(F&& f, const Node& t, const Node& s) const {
    return (1 + eta) * ExponentialNoiseForm{}.integrate(f, t, s);
  }
  Stage prediction(const Node& n) const { return noise_prediction(n); }
  Stage first_order(const Node& t, const Node& s) const {
    Stage stage = ode_step(t, s);
    if (eta == 0) return stage;
    const double rho_t = t.sigma / t.alpha, rho_s = s.sigma / s.alpha, extra = eta * s.alpha * (rho_s - rho_t);
    stage.a += extra / t.sigma;
    stage.b -= extra * t.alpha / t.sigma;
    stage.c = s.alpha * std::sqrt(eta * (rho_t - rho_s) * (rho_t + rho_s));
    return stage;
  }
};

/// DPM-Solver multistep on the SDE in its noise form, N = 1 or 2:
///
///     x_s = α_s (x_t/α_t + (1 + η) ∫ e^u z du + √(η (ρ_t² - ρ_s²)) ε),    z interpolated at the last N nodes
///
/// Others call it sde-dpmsolver. A step is exact where the noise z that the network sees stays what it is. On the SDE
/// it does not, as noise is replaced: for data at one point a step of N = 1 leaves α_s² η (1 + η) (ρ_t - ρ_s)² too much
/// variance, where the data form, DPMSolverMultistepSDE, leaves none; with η = 1 and ρ_s < ρ_t/2 it even turns the sign
/// of the noise. Order N (weak), one evaluation and one draw per step; a step to σ_s = 0 is x_s = α_s m. N = 1 is
/// Ito{.eta = √η}, η = 0 is zEAB<N>; N = 2 is their solver_type heun, `compat` the usual midpoint.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
template <int N = 2>
struct DPMSolverNoiseSDE {
  static_assert(N == 1 || N == 2, "azula::DPMSolverNoiseSDE<N>: the order N must be 1 or 2");

  double eta = 1;                 ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  bool lower_order_final = true;  ///< lower the order to the number of steps left
  bool compat = false;            ///< the widespread midpoint form, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("DPMSolverNoiseSDE", N); }
  /// \throws std::invalid_argument if η is out of range.
  void check() const { require_eta("DPMSolverNoiseSDE", eta); }
  ExponentialNoiseSDEForm form(const TimeGrid&) const { return {eta}; }

  NodeWeights weights(const ExponentialNoiseSDEForm& form, const OtherNodes& others, const Node& t,
                      const Node& s) const {
    return compat ? widespread_weights(form, others, t, s) : exact_weights(form, others, t, s);
  }

  /// \throws std::invalid_argument if η > 0 and the times rise, or α_t = 0 and σ_s > 0.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (eta != 0) {
      grid.require_falling("DPMSolverNoiseSDE");
      if (grid[i + 1].sigma > 0) require_signal("DPMSolverNoiseSDE", grid[i]);
    }
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
