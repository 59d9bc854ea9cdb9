#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "azula/method/corrected.hpp"
#include "azula/method/x_eab.hpp"

namespace azula {

/// The predictor of SA-Solver, DPMSolverMultistepSDE<N>. With `compat` the weight of an only other node is that of its
/// authors' code: half of (1 + τ²) h² over the distance of the node, to the leading order the same.
template <int N>
struct SAPredictor {
  double eta = 1;  ///< share of the noise: 0 is the ODE
  bool lower_order_final = true;
  bool compat = false;  ///< the widespread weights

  static constexpr int order = N;
  static constexpr int history = N;

  std::string name() const { return with_order("SAPredictor", N); }
  void check() const {}
  ExponentialDataForm form(const TimeGrid&) const { return {eta}; }

  NodeWeights weights(const ExponentialDataForm& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (!compat || others.count > 1) return exact_weights(form, others, t, s);
    const double h = difference(form, t, s);
    return {s.alpha * (1 + eta) * h * h / (2 * others.at[0])};
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// SA-Solver: a stochastic Adams predictor of order N on the data prediction and a corrector over `Corrector` nodes, the
/// new one among them, which keeps the predictor's noise and costs no evaluation (PEC). τ is the stochasticity, τ² the η
/// of DPMSolverMultistepSDE; outside [rho_min, rho_max] it is 0.
///
/// One evaluation and at most one draw per step. N from 1 to 7 (3 with a corrector of four nodes is usual).
/// Xue et al., SA-Solver, 2023 (https://arxiv.org/abs/2309.05019).
template <int N = 3, int Corrector = N + 1>
struct SASolver {
  static_assert(N >= 1 && N < max_older, "azula::SASolver<N>: the order N must be from 1 to 7");
  static_assert(Corrector >= 2 && Corrector <= max_older, "azula::SASolver<N, C>: the corrector's nodes C must be from 2 to 8");

  double tau = 1;                                              ///< τ in [0, 10]
  double rho_min = 0;                                          ///< lowest ρ = σ/α with noise
  double rho_max = std::numeric_limits<double>::infinity();    ///< highest
  bool lower_order_final = true;  ///< lower the order to the number of steps left
  bool compat = false;            ///< its authors' weights of two nodes, see SAPredictor

  static constexpr int history = (N < Corrector - 1 ? Corrector - 1 : N) + 1;
  static constexpr bool spans_steps = true;  ///< a step counts on where the one before led

  std::string name() const { return with_order("SASolver", N); }
  /// \throws std::invalid_argument if τ is out of range or the interval is empty.
  void check() const {
    require_in(0, 10, "SASolver", "tau", tau);
    require(rho_min >= 0, "SASolver", "rho_min must be finite and at least 0", rho_min);
    require_bound(rho_max >= rho_min, "SASolver", "rho_max must be at least rho_min", rho_max);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    predictor<N>(grid[i]).append(stages, grid, i);
    if (i == 0 || grid[i + 1].sigma == 0) return;
    const Node& before = grid[i - 1];
    correct_start(predictor<N>(before), predictor<Corrector - 1>(before), stages.back(), grid, i);
  }

 private:
  template <int K>
  SAPredictor<K> predictor(const Node& t) const {
    const double rho = t.sigma / t.alpha;
    const bool inside = rho >= rho_min && rho <= rho_max;
    return {.eta = inside ? tau * tau : 0, .lower_order_final = lower_order_final, .compat = compat};
  }
};

}  // namespace azula
