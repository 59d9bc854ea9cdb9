#pragma once
/// \file
/// The Adams family: the code that all multistep methods share.

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <vector>

#include "azula/integrate/interpolatory_weights.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/is_finite.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// How a multistep method writes the ODE that it integrates: its variable, its weight function and its prediction.
///
/// With y = x/k for some k(α, σ) the equation is
///
///     dy = w(u) p du (+ noise),    p = u x + v m
///
/// where p is the prediction that is interpolated. A form has
///
/// - `variable(n)`: u at a node; infinite if the form has no value there (α = 0)
/// - `integrate(f, t, s)`: k_s ∫ w(u) f(u - u_t) du from u_t to u_s
/// - `prediction(n)`: a Stage whose u and v are the weights in p at the node
/// - `first_order(t, s)`: a Stage with the a, b and c of the step for a constant p; finite for σ_s = 0
template <class F>
concept Form = requires(const F& form, const Node& n, double (*f)(double)) {
  { form.variable(n) } -> std::convertible_to<double>;
  { form.integrate(f, n, n) } -> std::convertible_to<double>;
  { form.prediction(n) } -> std::same_as<Stage>;
  { form.first_order(n, n) } -> std::same_as<Stage>;
};

/// A multistep method: an order, a form, and whether the order falls in the last steps to the number of steps left.
///
/// The form may depend on the grid. The method may have a function weights(form, others, t, s) in place of the exact
/// weights.
template <class M>
concept MultistepMethod = requires(const M& method, const TimeGrid& grid) {
  { M::order } -> std::convertible_to<int>;
  { method.form(grid) } -> Form;
  { method.lower_order_final } -> std::convertible_to<bool>;
};

/// The order of step i: as many nodes as there are, at most the method's order.
///
/// With lower_order_final it is also at most the number of steps left.
template <MultistepMethod M>
int order_of_step(const M& method, const TimeGrid& grid, std::size_t i) {
  std::size_t order = (std::min)(static_cast<std::size_t>(M::order), i + 1);
  if (method.lower_order_final) order = (std::min)(order, grid.size() - 1 - i);
  return static_cast<int>(order);
}

/// The variable u at `to` less u at `from`.
///
/// A form whose values lie close together may provide difference(from, to), which loses no digits.
template <Form F>
double difference(const F& form, const Node& from, const Node& to) {
  if constexpr (requires { form.difference(from, to); }) {
    return form.difference(from, to);
  } else {
    return form.variable(to) - form.variable(from);
  }
}

/// The smallest distance of two nodes, as a share of the step. Nearer nodes count as one: their predictions differ by
/// rounding only, and the step would multiply that by the inverse of the distance.
inline constexpr double nearest_node = 1e-6;

/// Up to order - 1 nodes before node i, relative to it.
///
/// The list ends before a node at which the variable is infinite, and before a node that nearly coincides with the last
/// one. It is empty if the variable is infinite at either end of the step.
template <Form F>
OtherNodes older_nodes(const F& form, const TimeGrid& grid, std::size_t i, int order) {
  OtherNodes older;
  if (!is_finite(form.variable(grid[i])) || !is_finite(form.variable(grid[i + 1]))) return older;
  const double least = nearest_node * std::fabs(difference(form, grid[i], grid[i + 1]));
  double last = 0;
  for (std::size_t j = 1; j <= i && older.count < order - 1; ++j) {
    if (!is_finite(form.variable(grid[i - j]))) break;
    const double node = difference(form, grid[i], grid[i - j]);
    if (!(std::fabs(node - last) > least)) break;
    older.add(last = node);
  }
  return older;
}

/// The weights of the other nodes with which the step from t to s is exact if the prediction is a polynomial.
template <Form F>
NodeWeights exact_weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) {
  return interpolatory_weights(others, [&](auto&& f) { return form.integrate(f, t, s); });
}

/// The weights of the other nodes that the method uses for the step from t to s: its own, or the exact ones.
template <MultistepMethod M, Form F>
NodeWeights weights_of(const M& method, const F& form, const OtherNodes& others, const Node& t, const Node& s) {
  if constexpr (requires { method.weights(form, others, t, s); }) {
    return method.weights(form, others, t, s);
  } else {
    return exact_weights(form, others, t, s);
  }
}

/// Whether the method keeps its order in a step to σ_s = 0. Only methods whose variable is finite there can do so.
template <MultistepMethod M>
bool extrapolates_to_clean(const M& method) {
  if constexpr (requires { method.extrapolate_final; }) {
    return method.extrapolate_final;
  } else {
    return false;
  }
}

/// Appends step i of a multistep method: p is interpolated at the current node and the ones before it, and integrated
/// exactly.
///
/// The step is written as the first-order step plus corrections h_j (p_j - p_0). So the large part has a closed form
/// without cancellation, and only differences carry the solved weights.
template <MultistepMethod M>
void append_multistep(const M& method, std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) {
  const Node& t = grid[i];
  const Node& s = grid[i + 1];
  if (s.sigma == 0 && !extrapolates_to_clean(method)) return stages.push_back(clean_step(t, s));
  const auto form = method.form(grid);
  Stage stage = form.first_order(t, s);
  const Stage prediction = form.prediction(t);
  stage.time = t.t;
  stage.next = s.t;
  stage.u = prediction.u;
  stage.v = prediction.v;
  const OtherNodes older = older_nodes(form, grid, i, order_of_step(method, grid, i));
  if (older.count > 0) stage.h = weights_of(method, form, older, t, s);
  stage.older = older.count;
  // Rounded only once: if all predictions are equal, a, b and h_j must cancel, however large the weights are.
  using Long = long double;
  Long sum = 0;
  for (const double weight : stage.h) sum += static_cast<Long>(weight);
  stage.a = static_cast<double>(static_cast<Long>(stage.a) - sum * static_cast<Long>(stage.u));
  stage.b = static_cast<double>(static_cast<Long>(stage.b) - sum * static_cast<Long>(stage.v));
  stages.push_back(stage);
}

}  // namespace azula
