#pragma once
/// \file

#include <cmath>

namespace azula {

/// The scales of signal and noise at one time: x_t = α_t X + σ_t ε, that is, p(x_t | X) = N(α_t X, σ_t² I).
struct Scales {
  double alpha;  ///< signal scale α_t >= 0
  double sigma;  ///< noise scale σ_t >= 0
};

/// Returns the scales with α² + σ² = 1 and log α/σ = `lambda`, each to full relative precision. lambda may be infinite.
inline Scales unit_scales(double lambda) {
  return {1 / std::sqrt(1 + std::exp(-2 * lambda)), 1 / std::sqrt(1 + std::exp(2 * lambda))};
}

}  // namespace azula
