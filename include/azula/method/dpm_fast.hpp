#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/runge_kutta.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// DPM-Solver-fast: singlestep methods of three evaluations, one after the other, each over three steps of the grid,
/// and lower ones over what is left, 3 … 3 2 1, 3 … 3 1 or 3 … 3 2, so that there is one evaluation per step of any
/// grid:
///
///     x_1 = x + ∫ p_0,    x_2 = x + ∫ line through p_0 and p_1,    x_3 = x + ∫ line through p_0 and p_2
///
/// from the first node of a cycle to the next three, with the prediction p_j seen at node j of the cycle: the noise in
/// log ρ (DPM-Solver), with DPMFast<ExponentialDataForm> the data (DPM-Solver++). The second step of a cycle of two is
/// the midpoint rule's. On times even in log α/σ within each cycle it is the published method; on others it takes its
/// nodes as they are.
///
/// One evaluation per step. Third order with 3 k + 2 steps, second with 3 k and 3 k + 1, which end with an Euler step.
/// The states between the cycles are of lower order. `order = 2` has cycles of two, 2 … 2 1 1 or 2 … 2 1, and is of
/// second order. DPMFast<ExponentialDataForm>{.midpoint = true} is diffusers' DPMSolverSinglestep.
/// Lu et al., DPM-Solver, 2022 (https://arxiv.org/abs/2206.00927); k-diffusion's dpm_fast.
template <Form F = ExponentialNoiseForm>
struct DPMFast {
  int order = 3;                  ///< evaluations of a cycle, 2 or 3
  bool midpoint = false;          ///< whether the second step of a cycle of three is that of the midpoint rule, too
  bool lower_order_final = true;  ///< whether a whole cycle at the end is cut into a shorter one and an Euler step

  static constexpr int history = 3;
  static constexpr bool spans_steps = true;  ///< a step counts on where the one before led

  std::string name() const { return "DPMFast"; }
  /// \throws std::invalid_argument if the order is neither 2 nor 3.
  void check() const { require(order == 2 || order == 3, "DPMFast", "order must be 2 or 3", order); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const F form{};
    const Cycle cycle = cycle_of(i, grid.size() - 1);
    std::vector<Stage> passed;  // the cycle up to here
    StepBuilder step(passed);
    const Combination start = step.start();
    Combination x = start, mean, first;
    for (std::size_t j = cycle.start; j <= i; ++j) {
      const Stage prediction = form.prediction(grid[j]);
      const Combination m = step.evaluate(grid[j]), p = prediction.u * x + prediction.v * m;
      if (j == cycle.start) mean = m, first = p;
      const Node &t = grid[cycle.start], &s = grid[j + 1];
      if (has_log_snr_length(t, grid[j]) && has_log_snr_length(t, s)) {
        const Stage whole = form.first_order(t, s);
        const bool by_midpoint = cycle.length == 2 || (midpoint && j == cycle.start + 1);
        x = whole.a * start + whole.b * mean + weight(form, by_midpoint, t, grid[j], s) * (p - first);
      } else {  // the first of a cycle, or an end in which the logarithm is infinite
        const Stage euler = ode_step(grid[j], s);
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

  /// The cycle in which step i of n lies.
  Cycle cycle_of(std::size_t i, std::size_t n) const {
    const auto most = static_cast<std::size_t>(order);
    const std::size_t rest = n % most == 0 ? most : n % most, whole = n - rest;
    if (i < whole) return {i - i % most, most};
    if (rest < most || !lower_order_final) return {whole, rest};
    return i + 1 < n ? Cycle{whole, most - 1} : Cycle{n - 1, 1};
  }

  /// The weight of the change of p from t to `seen`, in the step from t to s.
  static double weight(const F& form, bool by_midpoint, const Node& t, const Node& seen, const Node& s) {
    const double at = difference(form, t, seen);
    if (by_midpoint) return form.integrate([](double) { return 1.0; }, t, s) * difference(form, t, s) / (2 * at);
    return form.integrate([=](double v) { return v / at; }, t, s);
  }
};

}  // namespace azula
