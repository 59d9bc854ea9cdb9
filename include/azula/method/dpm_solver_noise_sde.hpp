#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// The reverse SDE in terms of the predicted noise z, with u = log ρ as the variable, ρ = σ/α.
///
/// With y = x/α it is dy = (1 + η) e^u z du, plus noise of variance η (ρ_t² - ρ_s²) in a step from t to s.
struct ExponentialNoiseSDEForm {
  double eta = 1;  ///< η, the share of fresh noise: 0 is the ODE, 1 the reverse SDE

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

/// A multistep solver with one evaluation per step and fresh noise in every step, known as sde-dpmsolver in diffusers.
///
/// Use it to reproduce that algorithm. DPMSolverMultistepSDE does not have the error described below. N is 1 or 2.
///
///     azula::Sampler sampler(denoiser, azula::DPMSolverNoiseSDE<2>{}, {.steps = 50});
///
/// It is multistep DPM-Solver on the SDE in terms of the predicted noise z, with fresh noise ε and u = log ρ, ρ = σ/α:
///
///     x_s = α_s (x_t/α_t + (1 + η) ∫ e^u z du + √(η (ρ_t² - ρ_s²)) ε),    z interpolated at the last N nodes
///
/// A step is exact if the predicted noise z stays constant. On the SDE it does not, because noise is replaced. If all
/// data are one point, a step of N = 1 leaves α_s² η (1 + η) (ρ_t - ρ_s)² too much variance, where
/// DPMSolverMultistepSDE leaves none; with η = 1 and ρ_s < ρ_t/2 it even reverses the sign of the noise.
///
/// The distribution of the samples converges with order N (weak order). One draw of noise per step; a step to σ_s = 0
/// is x_s = α_s m, with the denoised mean m. N = 1 is Ito{.eta = √η}, and η = 0 is zEAB<N>. N = 2 is `solver_type` heun
/// of diffusers; `compat` is its usual midpoint.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
template <int N = 2>
struct DPMSolverNoiseSDE {
  static_assert(N == 1 || N == 2, "azula::DPMSolverNoiseSDE<N>: the order N must be 1 or 2");

  double eta = 1;                 ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  bool lower_order_final = true;  ///< in the last steps, lower the order to the number of steps left
  bool compat = false;            ///< use other libraries' midpoint form, see widespread_weights()

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
