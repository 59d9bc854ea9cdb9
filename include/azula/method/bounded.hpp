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

/// The sum of the sizes of all weights, of which `older` are given and all add up to `whole`.
inline double size_of_weights(const NodeWeights& older, double whole) {
  double size = 0, sum = 0;
  for (const double weight : older) {
    size += std::fabs(weight);
    sum += weight;
  }
  return size + std::fabs(whole - sum);
}

/// A multistep method M for few steps: its weights stay near those of even steps, so that they can neither explode nor
/// die away:
///
///     azula::Sampler sampler(denoiser, azula::Bounded{azula::zAB<3>{}}, azula::log_snr_times(schedule, {.steps = 6}));
///
/// Exact weights extrapolate, and where steps grow they extrapolate far: the sum of their sizes, by which all errors are
/// multiplied, becomes many times that of even steps (2, 11/3, 20/3, … for the orders 2, 3, 4, …). Few steps are ruined
/// by that. Where steps shrink fast they hardly look back, and the method is Euler's. Here a sum of sizes S outside
///
///     [least E, most E],    E that of even steps
///
/// has the weights drawn towards those of even steps, which FixedAB has, as far as it takes: exact and even ones in the
/// shares q and 1 - q, q = (nearest end - E)/(S - E). Where steps change little nothing is changed, so that M keeps its
/// order. Measured in docs/few_steps.md.
template <MultistepMethod M>
struct Bounded {
  M method;
  double most = 1.1;   ///< in [1, 1e6]; with least = most = 1 the order is 2 at most
  double least = 0.7;  ///< in [0, 1]; 0 bounds them above only

  static constexpr int order = M::order;
  static constexpr int history = M::history;

  bool lower_order_final = method.lower_order_final;  ///< lower the order to the number of steps left

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
    // A sum of sizes is convex: that of the mixture is at most the mixture of the sums.
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
