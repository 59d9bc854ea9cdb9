#pragma once
/// \file

#include "azula/integrate/interpolatory_weights.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The weights that most implementations of multistep DPM-Solver and DPM-Solver++ have in place of the exact ones.
///
/// They are here for comparisons with other programs:
///
/// - one older node (2M): the line through both predictions is not integrated; its value in the middle of the step is
///   taken as a constant (`solver_type` midpoint in other libraries). The method is still of second order.
/// - two older nodes (3M): the second difference has half of its weight. The method is of second order instead of
///   third.
///
/// The same holds for the SDE forms.
template <class F>
NodeWeights widespread_weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) {
  const auto moment = [&](double factor, int power) {
    return factor * form.integrate([=](double v) { return power == 0 ? 1.0 : power == 1 ? v : v * v; }, t, s);
  };
  const double u_1 = others.at[0];
  NodeWeights weights{};  // not returned as a braced list: nvcc 13.0 loses it
  if (others.count == 1) {
    weights[0] = moment(1, 0) * (form.variable(s) - form.variable(t)) / (2 * u_1);
    return weights;
  }
  // With divided differences f of the predictions at 0, u_1, u_2, the parabola's derivatives at 0 are
  // D' = f_01 - u_1 f_012 and D'' = 2 f_012. These implementations have D'' = f_012.
  const double u_2 = others.at[1];
  const double first = moment(1, 1), second = moment(0.5, 2) - u_1 * first;
  const double of_f_12 = second / u_2;  // f_012 = (f_12 - f_01)/u_2
  weights[0] = first / u_1 - of_f_12 / u_1 - of_f_12 / (u_2 - u_1);
  weights[1] = of_f_12 / (u_2 - u_1);
  return weights;
}

}  // namespace azula
