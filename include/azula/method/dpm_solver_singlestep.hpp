#pragma once
/// \file

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"
#include "azula/integrate/runge_kutta.hpp"
#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// How DPMSolverSinglestep weighs the predictions of a cycle.
enum class SinglestepWeights {
  midpoint,  ///< second step: midpoint rule; third step: the line through the first and the last prediction
  lines,     ///< the same, but before a third step the second uses the line through both, as published
  exact,     ///< the polynomial through all predictions (`solver_type` heun in other libraries)
};

/// A solver of order N with one evaluation per step that spreads the N evaluations of a DPM-Solver step over N grid
/// steps.
///
/// Use it to reproduce the singlestep DPM-Solver++ of other libraries. N is from 1 to 3.
///
///     azula::Sampler sampler(denoiser, azula::DPMSolverSinglestep<2>{}, {.steps = 20});
///
/// Steps come in cycles of N, and a cycle is a step of order N whose middle evaluations are nodes of the grid. The
/// first step of a cycle is Euler's. The second and the third start again at the cycle's first node x_0 and go one node
/// further, with the predictions p_j seen so far:
///
///     x_k = first_order(x_0, p_0) + Σ_j w_j (p_j - p_0),    j < k
///
/// States inside a cycle are of lower order. If exactly N steps are left, they are a cycle of N - 1 and an Euler step,
/// unless `lower_order_final` is false. Therefore N = 3 is of order 3 with 3 k + 2 steps, and of order 2 with other
/// numbers.
///
/// On times that are even in log α/σ within each cycle these are the published methods; on other times the nodes are
/// taken as they are. A step for which log α/σ is infinite at an end is Euler's.
///
/// The class has the data form (DPM-Solver++). DPMSolverSinglestep<N, ExponentialNoiseForm> is DPM-Solver; with order 3
/// and SinglestepWeights::lines it is k-diffusion's dpm_fast.
/// Lu et al., DPM-Solver, 2022 (https://arxiv.org/abs/2206.00927), appendix D.
template <int N = 2, Form F = ExponentialDataForm>
struct DPMSolverSinglestep {
  static_assert(N >= 1 && N <= 3, "azula::DPMSolverSinglestep<N>: the order N must be from 1 to 3");

  SinglestepWeights weights = SinglestepWeights::midpoint;  ///< how the later evaluations are weighed
  bool lower_order_final = true;  ///< end with a shorter cycle and an Euler step

  static constexpr int history = N;
  static constexpr bool spans_steps = true;  ///< a step relies on the results of earlier steps

  std::string name() const { return with_order("DPMSolverSinglestep", N); }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const F form{};
    const Cycle cycle = cycle_of(i, grid.size() - 1);
    const Node& t = grid[cycle.start];
    std::vector<Stage> passed;  // the stages of this cycle; the last one is step i
    StepBuilder step(passed);
    const Combination start = step.start();
    Combination x = start, mean;
    std::array<Combination, 2> changes;
    Combination first;
    OtherNodes seen;
    for (std::size_t k = 0; k <= i - cycle.start; ++k) {
      const Node &at = grid[cycle.start + k], &s = grid[cycle.start + k + 1];
      const Stage prediction = form.prediction(at);
      const Combination m = step.evaluate(at), p = prediction.u * x + prediction.v * m;
      if (k == 0) mean = m, first = p;
      if (is_node(form, seen, t, at, s)) {
        changes[static_cast<std::size_t>(seen.count)] = p - first;
        seen.add(difference(form, t, at));
      }
      if (seen.count > 0 && has_log_snr_length(t, s)) {
        const Stage whole = form.first_order(t, s);
        const NodeWeights w = weights_in_cycle(form, seen, cycle.length, t, s);
        x = whole.a * start + whole.b * mean;
        for (std::size_t j = 0; j < static_cast<std::size_t>(seen.count); ++j) x = x + w[j] * changes[j];
      } else {  // the first step of a cycle, or log α/σ is infinite at an end
        const Stage euler = ode_step(at, s);
        x = euler.a * x + euler.b * m;
      }
      step.go(x, s);
    }
    stages.push_back(passed.back());
  }

 private:
  struct Cycle {
    std::size_t start, length;
  };

  /// Whether the prediction at a node adds information to the earlier ones, for a step from t to s; see nearest_node.
  static bool is_node(const F& form, const OtherNodes& seen, const Node& t, const Node& at, const Node& s) {
    if (!has_log_snr_length(t, at) || !has_log_snr_length(t, s)) return false;
    const double last = seen.count > 0 ? seen.at[static_cast<std::size_t>(seen.count) - 1] : 0;
    return std::fabs(difference(form, t, at) - last) > nearest_node * std::fabs(difference(form, t, s));
  }

  /// The cycle that contains step i of n.
  Cycle cycle_of(std::size_t i, std::size_t n) const {
    const std::size_t most = N, rest = n % most == 0 ? most : n % most, whole = n - rest;
    if (i < whole) return {i - i % most, most};
    if (rest < most || !lower_order_final || most == 1) return {whole, rest};
    return i + 1 < n ? Cycle{whole, most - 1} : Cycle{n - 1, 1};
  }

  NodeWeights weights_in_cycle(const F& form, const OtherNodes& seen, std::size_t length, const Node& t, const Node& s) const {
    if (weights == SinglestepWeights::exact) return exact_weights(form, seen, t, s);
    const auto line = [&](double at) { return form.integrate([=](double v) { return v / at; }, t, s); };
    if (seen.count == 2) return {0, line(seen.at[1])};
    if (weights == SinglestepWeights::lines && length == 3) return {line(seen.at[0])};
    return widespread_weights(form, seen, t, s);
  }
};

}  // namespace azula
