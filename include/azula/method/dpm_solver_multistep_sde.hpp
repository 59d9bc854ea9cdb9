#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/x_eab.hpp"

namespace azula {

/// xEAB on the SDE, with noise and η in the exact exponential form:
///
///     x_s = (σ_s/σ_t) e^{-ηh} x_t + α_s (1+η) ∫_0^h e^{-(1+η)(h-v)} m(λ_t + v) dv + σ_s √(1 - e^{-2ηh}) ε
///
/// with m interpolated at the last N nodes, h = λ_s - λ_t, λ = log α/σ. N = 2 is DPM-Solver++(2M) SDE in its
/// Heun form; the midpoint form, which others take by default, and their 3M SDE are `.compat`. With `Corrected`
/// around it, SA-Solver. One evaluation and one draw per
/// step; η = 0 is xEAB<N>. A step to σ_s = 0 is x_s = α_s m, without noise.
/// Lu et al., DPM-Solver++, 2022 (https://arxiv.org/abs/2211.01095), section 6.
template <int N = 2>
struct DPMSolverMultistepSDE {
  static_assert(MultistepOrder<N>, "azula::DPMSolverMultistepSDE<N>: the order N must be from 1 to 8");

  double eta = 1;                 ///< η in [0, 100]; 1 is the reverse SDE of the forward process
  bool lower_order_final = true;  ///< lower the order to the number of steps left
  bool compat = false;            ///< the widespread 2M and 3M SDE instead, see widespread_weights()

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("DPMSolverMultistepSDE", N); }
  /// \throws std::invalid_argument if η is out of range, or compat is asked of an order above 3.
  void check() const {
    require_eta("DPMSolverMultistepSDE", eta);
    require(!compat || N <= 3, "DPMSolverMultistepSDE", "compat exists for the orders 1 to 3", N);
  }
  ExponentialDataForm form(const TimeGrid&) const { return {eta}; }

  NodeWeights weights(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (compat && others.count == N - 1) return widespread_weights(form, others, t, s);  // their 3M starts exactly
    return exact_weights(form, others, t, s);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

}  // namespace azula
