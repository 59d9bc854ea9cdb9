#pragma once
/// \file

#include <cmath>

namespace azula {

/// The scales of the perturbation kernel p(x_t | x) = N(α_t x, σ_t² I).
struct Scales {
  double alpha;  ///< signal scale α_t >= 0
  double sigma;  ///< noise scale σ_t >= 0
};

/// The scales with α² + σ² = 1 and log α/σ = `lambda`, which may be infinite; each to full relative precision.
inline Scales unit_scales(double lambda) {
  return {1 / std::sqrt(1 + std::exp(-2 * lambda)), 1 / std::sqrt(1 + std::exp(2 * lambda))};
}

}  // namespace azula
