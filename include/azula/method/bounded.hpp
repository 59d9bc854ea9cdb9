#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/multistep.hpp"

namespace azula {

/// The weights of older predictions, and what they add up to in size with that of the current one.
struct SizedWeights {
  NodeWeights older{};
  double size = 0;

  /// \param whole  what all weights add up to
  SizedWeights(const NodeWeights& weights, double whole) : older(weights) {
    double sum = 0;
    for (const double weight : older) {
      sum += weight;
      size += std::fabs(weight);
    }
    size += std::fabs(whole - sum);
  }
};

/// The weights of even steps and a constant weight function, scaled to add up to `whole`: 3/2 -1/2; 23/12 -16/12 5/12; …
inline SizedWeights even_weights(int older, double whole) {
  OtherNodes nodes;
  for (int j = 1; j <= older; ++j) nodes.add(-j);
  NodeWeights weights = interpolatory_weights(nodes, [](auto&& f) { return gauss_legendre(f, 1); });
  for (double& weight : weights) weight *= whole;
  return {weights, whole};
}

template <MultistepMethod M>
struct Bounded {
  M method;
  double most = 1.5;  ///< in [1, 1e6], in units of the sum for even steps

  static constexpr int order = M::order;
  static constexpr int history = M::history;

  bool lower_order_final = method.lower_order_final;

  std::string name() const { return "Bounded " + method.name(); }
  void check() const {
    method.check();
    require_in(1, 1e6, "Bounded", "most", most);
  }
  auto form(const TimeGrid& grid) const { return method.form(grid); }

  template <Form F>
  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    const double whole = form.integrate([](double) { return 1.0; }, t, s);
    const SizedWeights exact(weights_of(method, form, others, t, s), whole), even = even_weights(others.count, whole);
    if (exact.size <= most * even.size) return exact.older;
    double low = 0, high = 1;
    NodeWeights blend{};
    for (int k = 0; k < 50; ++k) { double mid=(low+high)/2; for (std::size_t j=0;j<blend.size();++j) blend[j]=mid*exact.older[j]+(1-mid)*even.older[j]; (SizedWeights(blend,whole).size <= most*even.size ? low : high) = mid; }
    for (std::size_t j=0;j<blend.size();++j) blend[j]=low*exact.older[j]+(1-low)*even.older[j];
    return blend;
  }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

template <class M>
Bounded(M) -> Bounded<M>;
template <class M>
Bounded(M, double) -> Bounded<M>;

}  // namespace azula
