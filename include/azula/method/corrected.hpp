#pragma once
/// \file

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Corrects the state at the start of step i by an Adams–Moulton formula, within the stage that makes step i.
///
/// The prediction p_new at the predicted state x is known when the stage runs. The corrected state is
///
///     x_c = x + W_new (p_new - p_0) + Σ_j (W_j - w_j) (p_j - p_0)
///
/// where p_0 is the prediction at node i - 1, w are the weights of `method` that led to x, and W are the weights of
/// `corrector`, which include the new node. All of these predictions are remembered or current, so the correction needs
/// no pass of its own.
template <MultistepMethod M, MultistepMethod C>
void correct_start(const M& method, const C& corrector, Stage& stage, const TimeGrid& grid, std::size_t i) {
  const Node& t = grid[i - 1];
  const Node& s = grid[i];
  const auto form = method.form(grid);
  if (!is_finite(form.variable(t)) || difference(form, t, s) == 0) return;
  const OtherNodes led = older_nodes(form, grid, i - 1, order_of_step(method, grid, i - 1));
  const NodeWeights before = led.count > 0 ? weights_of(method, form, led, t, s) : NodeWeights{};
  OtherNodes others = older_nodes(form, grid, i - 1, order_of_step(corrector, grid, i - 1));
  const auto older = static_cast<std::size_t>(others.count);
  others.add(difference(form, t, s));
  NodeWeights change = weights_of(corrector, form, others, t, s);
  const double newest = std::exchange(change[older], 0);

  // The factor of the state in the step if the prediction is held fixed: x_s = kept x + … p.
  const double kept = stage.a - stage.b * stage.u / stage.v;
  stage.a += kept * newest * stage.u;
  stage.b += kept * newest * stage.v;
  stage.h[0] -= kept * newest;
  const int remembered = (std::max)(others.count - 1, led.count);
  for (int j = 0; j < remembered; ++j) {
    const auto at = static_cast<std::size_t>(j);
    stage.h[0] -= kept * (change[at] - before[at]);
    stage.h[at + 1] += kept * (change[at] - before[at]);
  }
  stage.older = (std::max)(stage.older, remembered + 1);
}

/// Adds a corrector to a multistep method M, which raises the order by one and costs no evaluation.
///
///     azula::Sampler sampler(denoiser, azula::Corrected{azula::xEAB<3>{}}, {.steps = 8});
///
/// The mean that is seen at a predicted state is used twice: in an implicit (Adams–Moulton) formula that corrects this
/// state, and to predict the next one. M of order N becomes a method of order N + 1 with exact starting values; from
/// noise the order of a run is 3 at most (docs/orders.md). N is from 1 to 7. The last state is not corrected.
///
/// For xEAB and zEAB this is UniPC with its linear system solved exactly; for stochastic methods it is SA-Solver.
/// Zhao et al., UniPC, 2023 (https://arxiv.org/abs/2302.04867).
template <MultistepMethod M>
struct Corrected {
  static_assert(M::order < max_older, "azula::Corrected: the order of the method must be from 1 to 7");

  M method;

  static constexpr int history = M::order + 1;
  static constexpr bool spans_steps = true;  ///< a step relies on the results of earlier steps

  std::string name() const { return "Corrected " + method.name(); }

  /// \throws std::invalid_argument if an option of the method is out of range, or its `compat` is true: such a form has
  /// no corrector.
  void check() const {
    method.check();
    if constexpr (requires { method.compat; }) {
      require(!method.compat, "Corrected", "a compat form has no corrector, compat", method.compat);
    }
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    method.append(stages, grid, i);
    if (i > 0 && grid[i + 1].sigma > 0) correct_start(method, method, stages.back(), grid, i);
  }
};

template <class M>
Corrected(M) -> Corrected<M>;

}  // namespace azula
