#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/x_eab.hpp"

namespace azula {

/// A multistep solver with one evaluation per step and fresh noise in every step: DPM-Solver++(2M) SDE and its kin.
///
/// Use DPMSolverMultistepSDE<2> with many steps: fresh noise makes samples vary and corrects errors of the network.
///
///     azula::Sampler sampler(denoiser, azula::DPMSolverMultistepSDE<2>{}, {.steps = 30});
///
/// It is xEAB on the SDE of ExponentialDataForm, with the noise in exact exponential form:
///
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (1+η) ∫_0^h e^{-(1+η)(h-v)} m(λ_t + v) dv + σ_s √(1 - e^{-2ηh}) ε
///
/// with the denoised mean m interpolated at the last N nodes, h = λ_s - λ_t, λ = log α/σ and fresh noise ε. N = 2 is
/// DPM-Solver++(2M) SDE in its Heun form. The midpoint form, which other libraries take by default, and their 3M SDE
/// are `.compat`. With Corrected around it, it is SA-Solver.
///
/// N is from 1 to 8; the distribution of the samples converges with order N, at most 2 (docs/orders.md). One draw of
/// noise per step; η = 0 is xEAB<N> and draws none. A step to σ_s = 0 is x_s = α_s m, without noise. If η > 0 the times
/// must fall.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
template <int N = 2>
struct DPMSolverMultistepSDE {
  static_assert(MultistepOrder<N>, "azula::DPMSolverMultistepSDE<N>: the order N must be from 1 to 8");

  double eta = 1;                 ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  bool lower_order_final = true;  ///< in the last steps, lower the order to the number of steps left
  bool compat = false;            ///< use other libraries' weights of 2M and 3M SDE, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("DPMSolverMultistepSDE", N); }
  /// \throws std::invalid_argument if η is out of range, or compat is true and the order is above 3.
  void check() const {
    require_eta("DPMSolverMultistepSDE", eta);
    require(!compat || N <= 3, "DPMSolverMultistepSDE", "compat exists for the orders 1 to 3", N);
  }
  ExponentialDataForm form(const TimeGrid&) const { return {eta}; }

  NodeWeights weights(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    // Other libraries' 3M has exact weights in its first steps.
    if (compat && others.count == N - 1) return widespread_weights(form, others, t, s);
    return exact_weights(form, others, t, s);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
