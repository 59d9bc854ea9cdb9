#pragma once
/// \file

#include <cstddef>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/multistep.hpp"

namespace azula {

/// The weights that the other nodes would have if all steps were as long as the step from t to s.
///
/// The weight function is taken to be constant, and the weights are scaled to the form's integral of a constant. They
/// are those of Adams–Bashforth (3/2 -1/2; 23/12 -16/12 5/12; …) without the first, or those of Adams–Moulton if the
/// last node is the new one.
template <Form F>
NodeWeights even_weights(const F& form, const OtherNodes& others, const Node& t, const Node& s) {
  const double step = difference(form, t, s);
  OtherNodes even;
  for (int j = 0; j < others.count; ++j) even.add(others.at[static_cast<std::size_t>(j)] * step > 0 ? 1 : -(j + 1));
  NodeWeights weights = interpolatory_weights(even, [](auto&& f) { return gauss_legendre(f, 1); });
  const double whole = form.integrate([](double) { return 1.0; }, t, s);
  for (double& weight : weights) weight *= whole;
  return weights;
}

}  // namespace azula
