#pragma once
/// \file

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/order.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/method/z_eab.hpp"

namespace azula {

/// How DPMSolverSinglestep weighs the nodes of a block.
enum class SinglestepWeights {
  midpoint,  ///< the last one alone, as in DPM-Solver++(2S) and (3S)
  exact,     ///< the polynomial through all (elsewhere "heun")
};

/// Singlestep DPM-Solver whose middle evaluations are nodes of the grid: blocks of N steps, N from 1 to 3.
///
/// The first step of a block is Euler's; the second and third begin again at the block's first node and lead
/// one node further, with the predictions seen on the way:
///
///     x_k = first_order(x_0, p_0) + Σ_j w_j (p_j - p_0),    j < k
///
/// One evaluation per step, so N for the block, which is a step of order N. In the data form (DPM-Solver++);
/// DPMSolverSinglestep<N, ExponentialNoiseForm> is DPM-Solver. Lu et al., DPM-Solver, 2022
/// (https://arxiv.org/abs/2206.00927), appendix D.
template <int N = 2, Form F = ExponentialDataForm>
struct DPMSolverSinglestep {
  static_assert(N >= 1 && N <= 3, "azula::DPMSolverSinglestep<N>: the order N must be from 1 to 3");

  SinglestepWeights weights = SinglestepWeights::midpoint;
  bool lower_order_final =
      true;  ///< the last steps are of blocks of N - 1; else whole blocks as far as they go

  static constexpr int history = N;

  std::string name() const { return with_order("DPMSolverSinglestep", N); }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const int place = place_in_block(i, grid.size() - 1);
    if (place == 0 || grid[i + 1].sigma == 0) return append_euler(stages, grid, i);
    const std::size_t begin = i - static_cast<std::size_t>(place);
    std::vector<Stage> block;
    StepBuilder step(block);
    Combination x = step.start();
    std::array<Combination, 3> p;
    for (std::size_t k = 0; k <= static_cast<std::size_t>(place); ++k) {
      const Node& at = grid[begin + k];
      const Stage prediction = F{}.prediction(at);
      const Combination mean = step.evaluate(at, prediction);
      p[k] = prediction.u * x + prediction.v * mean;
      x = state(step.start(), p, grid[begin], k, grid, begin);
      step.go(x, grid[begin + k + 1]);
    }
    stages.push_back(block.back());
  }

 private:
  /// Step i of n is which of its block.
  int place_in_block(std::size_t i, std::size_t n) const {
    const std::size_t order = N;
    if (!lower_order_final) return i >= n - n % order ? 0 : static_cast<int>(i % order);
    // Whole blocks but for the last one, and then blocks of one order less.
    const std::size_t whole = n % order == 0 && n >= order ? n - order : n - n % order;
    return i < whole ? static_cast<int>(i % order) : static_cast<int>(i - whole) % (N > 2 ? 2 : 1);
  }

  static void append_euler(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) {
    Stage stage = ode_step(grid[i], grid[i + 1]);
    const Stage prediction = F{}.prediction(grid[i]);
    stage.u = prediction.u;
    stage.v = prediction.v;
    stages.push_back(stage);
  }

  /// x_(k+1), from x at the block's first node.
  Combination state(const Combination& x, const std::array<Combination, 3>& p, const Node& t, std::size_t k,
                    const TimeGrid& grid, std::size_t begin) const {
    const Node& s = grid[begin + k + 1];
    const F form;
    const Stage first = form.first_order(t, s), prediction = form.prediction(t);
    Combination result =
        (first.a - first.b * prediction.u / prediction.v) * x + first.b / prediction.v * p[0];
    OtherNodes others;
    for (std::size_t j = 1; j <= k; ++j) others.add(difference(form, t, grid[begin + j]));
    const NodeWeights w = block_weights(form, others, t, s);
    for (std::size_t j = 1; j <= k; ++j) result = result + w[j - 1] * (p[j] - p[0]);
    return result;
  }

  NodeWeights block_weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    if (others.count == 0) return {};
    if (weights == SinglestepWeights::exact) return exact_weights(form, others, t, s);
    if (others.count == 1) return widespread_weights(form, others, t, s);
    const double last = others.at[1];
    return {0, form.integrate([=](double v) { return v / last; }, t, s)};
  }
};

}  // namespace azula
