#pragma once
/// \file

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/interpolatory_weights.hpp"

namespace azula {

/// The weights that the nodes would have if all steps were as long as this one and the weight function constant, scaled to
/// add up to `whole` with that of the current node: Adams–Bashforth's 3/2 -1/2; 23/12 -16/12 5/12; …, and Adams–Moulton's
/// where the last node is the new one.
/// \param step  the length of the step, in the variable of the nodes and with its sign
inline NodeWeights even_weights(const OtherNodes& others, double step, double whole) {
  OtherNodes even;
  for (int j = 0; j < others.count; ++j) even.add(others.at[static_cast<std::size_t>(j)] * step > 0 ? 1 : -(j + 1));
  NodeWeights weights = interpolatory_weights(even, [](auto&& f) { return gauss_legendre(f, 1); });
  for (double& weight : weights) weight *= whole;
  return weights;
}

}  // namespace azula
