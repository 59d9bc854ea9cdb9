#pragma once
/// \file

#include <cmath>

namespace azula {

/// The functions ψ_k of exponential integrators, for k >= 0 and h of any sign:
///
///     ψ_k(h) = ∫_0^h e^{-(h-v)} v^k/k! dv,    ψ_0 = 1 - e^{-h},    ψ_{k+1} = h^{k+1}/(k+1)! - ψ_k
///
/// The recursion suffers from cancellation for small |h|; there the series h^{k+1} Σ_j (-h)^j/(k+1+j)! is used.
inline double psi(int k, double h) {
  if (std::fabs(h) < 1 + k) {
    double term = 1;
    for (int j = 1; j <= k + 1; ++j) term *= h / j;
    double sum = term;
    for (int j = k + 2; std::fabs(term) > 1e-18 * std::fabs(sum) && j < k + 60; ++j) {
      term *= -h / j;
      sum += term;
    }
    return sum;
  }
  double value = -std::expm1(-h), power = 1;
  for (int j = 1; j <= k; ++j) {
    power *= h / j;
    value = power - value;
  }
  return value;
}

}  // namespace azula
