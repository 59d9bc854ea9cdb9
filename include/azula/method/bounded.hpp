#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/even_weights.hpp"
#include "azula/integrate/multistep.hpp"

namespace azula {

/// The sum of the absolute values of all weights. The weights of older nodes are given; all weights add up to `whole`.
inline double size_of_weights(const NodeWeights& older, double whole) {
  double size = 0, sum = 0;
  for (const double weight : older) {
    size += std::fabs(weight);
    sum += weight;
  }
  return size + std::fabs(whole - sum);
}

/// Makes a multistep method M safe for few steps, by keeping its weights near the weights of equal steps.
///
/// For up to ten evaluations use Bounded{xEAB<2>{}} on any times, or Bounded{zAB<3>{}} where surprises must be avoided;
/// for flow models Bounded{vAB<2>{}}. docs/few_steps.md has what was measured.
///
///     azula::Sampler sampler(denoiser, azula::Bounded{azula::zAB<3>{}}, azula::log_snr_times(schedule, {.steps = 6}));
///
/// Errors of the network are multiplied by the sum of the absolute values of the weights. For equal steps this sum is
/// 2, 11/3, 20/3, … at the orders 2, 3, 4, …; where steps grow, exact weights extrapolate far and the sum becomes many
/// times as large, which ruins a run of few steps. Where steps shrink fast, exact weights hardly use older predictions,
/// and the method is close to Euler's.
///
/// Let S be the sum for the exact weights, E the sum for equal steps. If S lies outside of
///
///     [least E, most E]
///
/// the weights become q times the exact weights plus (1 - q) times FixedAB's, the weights of equal steps, with
/// q = (nearest end - E)/(S - E). Where steps change little, nothing is changed, so M keeps its order.
template <MultistepMethod M>
struct Bounded {
  M method;
  double most = 1.1;   ///< upper limit of S/E, in [1, 1e6]; with least = most = 1 the order is 2 at most
  double least = 0.7;  ///< lower limit of S/E, in [0, 1]; 0 sets an upper limit only

  bool lower_order_final = method.lower_order_final;  ///< in the last steps, lower the order to the steps left

  static constexpr int order = M::order;
  static constexpr int history = M::history;

  std::string name() const { return "Bounded " + method.name(); }
  /// \throws std::invalid_argument if an option of the method, or a bound, is out of range.
  void check() const {
    method.check();
    require_in(1, 1e6, "Bounded", "most", most);
    require_in(0, 1, "Bounded", "least", least);
  }
  auto form(const TimeGrid& grid) const { return method.form(grid); }

  template <Form F>
  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    NodeWeights exact = weights_of(method, form, others, t, s);
    const double whole = form.integrate([](double) { return 1.0; }, t, s);
    const NodeWeights even = even_weights(form, others, t, s);
    const double size = size_of_weights(exact, whole), size_of_even = size_of_weights(even, whole);
    const double nearest = (std::clamp)(size, least * size_of_even, most * size_of_even);
    if (nearest == size) return exact;
    // The sum of absolute values is convex, so the mixture's sum is at most the mixture of the two sums.
    const double share = (nearest - size_of_even) / (size - size_of_even);
    for (std::size_t j = 0; j < exact.size(); ++j) exact[j] = share * exact[j] + (1 - share) * even[j];
    return exact;
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

template <class M>
Bounded(M) -> Bounded<M>;
template <class M>
Bounded(M, double) -> Bounded<M>;
template <class M>
Bounded(M, double, double) -> Bounded<M>;

}  // namespace azula
