#pragma once
/// \file

#include <array>
#include <cstddef>

#include "azula/plan/stage.hpp"

namespace azula {

/// Weights of nodes other than the current one.
using NodeWeights = std::array<double, max_older>;

/// Nodes of an interpolation other than the current one, relative to it (it is 0): older ones newest first,
/// and behind them, if a corrector has it, the new one.
struct OtherNodes {
  NodeWeights at{};  ///< u_j - u_0
  int count = 0;

  void add(double difference) { at[static_cast<std::size_t>(count++)] = difference; }
};

/// The weights w_1 … w_n of
///
///     ∫_0^h κ(v) q(v) dv = w_0 q(0) + Σ_j w_j q(v_j)      for every polynomial q of degree <= n,
///
/// which are the integrals of Lagrange's polynomials, w_j = ∫_0^h κ(v) Π_{k ≠ j} (v - v_k)/(v_j - v_k) dv. (w_0
/// is what is left of ∫κ; methods know that one in closed form.) Written as products of distances, they lose
/// no digits that the nodes still have: the linear system of the powers, unshifted in log σ/α, has lost six at
/// order 4 and all of them at order 8; shifted and scaled it is as good as this, but takes a matrix
/// factorisation, in every program that includes this.
/// \param integral  integral(f) = ∫_0^h κ(v) f(v) dv
template <class Integral>
NodeWeights interpolatory_weights(const OtherNodes& nodes, Integral&& integral) {
  const auto n = static_cast<std::size_t>(nodes.count);
  NodeWeights weights{};
  for (std::size_t j = 0; j < n; ++j) {
    weights[j] = integral([&](double v) {
      double value = v / nodes.at[j];
      for (std::size_t k = 0; k < n; ++k) {
        if (k != j) value *= (v - nodes.at[k]) / (nodes.at[j] - nodes.at[k]);
      }
      return value;
    });
  }
  return weights;
}

}  // namespace azula
