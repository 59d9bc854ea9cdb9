#pragma once
/// \file
/// The third-order weights of diffusers' DPM-Solver multistep, for runs with `compat`.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/x_eab.hpp"

namespace azula::diffusers {

/// A third-order multistep method that takes the third-order weights from `third` and the lower orders from `second`.
template <class M, class Third>
struct WithThirdOrder {
  static constexpr int order = 3;
  static constexpr int history = 3;

  M second;
  Third third;
  bool lower_order_final = false;

  std::string name() const { return second.name(); }
  void check() const {}
  auto form(const TimeGrid& grid) const { return second.form(grid); }

  template <class F>
  NodeWeights weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    return others.count < 2 ? weights_of(second, form, others, t, s) : third(form, others, t, s);
  }
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    append_multistep(*this, stages, grid, i);
  }
};

/// diffusers' third-order weights of sde-dpmsolver++: the second difference has the wrong sign, which costs an order.
struct FaultyThirdOrder {
  NodeWeights operator()(const ExponentialDataForm& form, const OtherNodes& others, const Node& t,
                         const Node& s) const {
    const double h = difference(form, t, s), r_0 = -others.at[0] / h, r_1 = (others.at[0] - others.at[1]) / h;
    const double e = -std::expm1(-2 * h);  // 1 - e^-2h
    const double first = s.alpha * (1 - e / (2 * h)), second = s.alpha * ((e - 2 * h) / (4 * h * h) - 0.5);
    const double share = (first * r_0 + second) / (r_0 + r_1);  // of the difference of both slopes
    return {-first / r_0 - share * (1 / r_0 + 1 / r_1), share / r_1};
  }
};

/// diffusers' third-order weights of dpmsolver and dpmsolver++, see widespread_weights().
struct WidespreadThirdOrder {
  template <class F>
  NodeWeights operator()(const F& form, const OtherNodes& others, const Node& t, const Node& s) const {
    return widespread_weights(form, others, t, s);
  }
};

}  // namespace azula::diffusers
