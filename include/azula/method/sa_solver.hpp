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

/// The predictor of SA-Solver, DPMSolverMultistepSDE<N> without its check of options.
///
/// With `compat` the weight of a single other node is the one in the authors' code. It agrees with the exact weight to
/// leading order. For a node at the distance v_1 in λ and a step of length h it is
///
///     α_s (1 + τ²) h²/(2 v_1) = α_s (1 + η) h²/(2 v_1)
template <int N>
struct SAPredictor {
  double eta = 1;  ///< η = τ², the share of fresh noise: 0 is the ODE
  bool lower_order_final = true;
  bool compat = false;  ///< use the authors' weight for one other node

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

/// A stochastic multistep solver with one evaluation per step, of a predictor of order N and a corrector.
///
/// Use it with many steps: fresh noise makes samples vary and corrects errors of the network.
///
///     azula::Sampler sampler(denoiser, azula::SASolver<3>{}, {.steps = 30});
///
/// Predictor and corrector are stochastic Adams methods on the denoised mean. The corrector uses `Corrector` nodes, the
/// new one among them, keeps the predictor's noise, and costs no evaluation (PEC). τ sets the amount of fresh noise: τ²
/// is the η of DPMSolverMultistepSDE. In steps that start outside of [rho_min, rho_max] τ is 0.
///
/// At most one draw of noise per step. N is from 1 to 7; 3 with a corrector of four nodes is usual. The order of the
/// samples' variance is 2 (docs/orders.md). If τ > 0 the times must fall.
/// Xue et al., SA-Solver, 2023 (https://arxiv.org/abs/2309.05019).
template <int N = 3, int Corrector = N + 1>
struct SASolver {
  static_assert(N >= 1 && N < max_older, "azula::SASolver<N>: the order N must be from 1 to 7");
  static_assert(Corrector >= 2 && Corrector <= max_older, "azula::SASolver<N, C>: the corrector's nodes C must be from 2 to 8");

  double tau = 1;                                              ///< τ in [0, 10]; 0 draws no noise, 1 is the reverse SDE
  double rho_min = 0;                                          ///< the lowest ρ = σ/α from which a step has noise
  double rho_max = std::numeric_limits<double>::infinity();    ///< the highest
  bool lower_order_final = true;  ///< in the last steps, lower the order to the number of steps left
  bool compat = false;            ///< use the authors' weights of two nodes, see SAPredictor

  static constexpr int history = (N < Corrector - 1 ? Corrector - 1 : N) + 1;
  static constexpr bool spans_steps = true;  ///< a step relies on the results of earlier steps

  std::string name() const { return with_order("SASolver", N); }
  /// \throws std::invalid_argument if τ is out of range, or rho_max is less than rho_min.
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
