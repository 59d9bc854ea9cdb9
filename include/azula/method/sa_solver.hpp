#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "azula/method/corrected.hpp"
#include "azula/method/dpm_solver_multistep_sde.hpp"

namespace azula {

/// SA-Solver: a stochastic Adams predictor of order N on the data prediction and a corrector with the new
/// node, which keeps the predictor's noise and costs no evaluation (PEC). τ is the stochasticity, τ² the η
/// of DPMSolverMultistepSDE; outside [rho_min, rho_max] it is 0.
///
/// One evaluation and at most one draw per step. N from 1 to 7 (3 with a corrector of four nodes is usual).
/// Xue et al., SA-Solver, 2023 (https://arxiv.org/abs/2309.05019).
template <int N = 3>
struct SASolver {
  static_assert(N >= 1 && N < max_older, "azula::SASolver<N>: the order N must be from 1 to 7");

  double tau = 1;                                              ///< τ in [0, 10]
  double rho_min = 0;                                          ///< lowest ρ = σ/α with noise
  double rho_max = std::numeric_limits<double>::infinity();    ///< highest
  bool lower_order_final = true;  ///< lower the order to the number of steps left

  static constexpr int history = N + 1;
  static constexpr bool spans_steps = true;  ///< a step counts on where the one before led

  std::string name() const { return with_order("SASolver", N); }
  /// \throws std::invalid_argument if τ is out of range or the interval is empty.
  void check() const {
    require_in(0, 10, "SASolver", "tau", tau);
    require(rho_min >= 0, "SASolver", "rho_min must be finite and at least 0", rho_min);
    require_bound(rho_max >= rho_min, "SASolver", "rho_max must be at least rho_min", rho_max);
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    predictor(grid[i]).append(stages, grid, i);
    if (i > 0 && grid[i + 1].sigma > 0) correct_start(predictor(grid[i - 1]), stages.back(), grid, i);
  }

 private:
  DPMSolverMultistepSDE<N> predictor(const Node& t) const {
    const double rho = t.sigma / t.alpha;
    const bool inside = rho >= rho_min && rho <= rho_max;
    return {.eta = inside ? tau * tau : 0, .lower_order_final = lower_order_final};
  }
};

}  // namespace azula
