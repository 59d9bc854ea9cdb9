#pragma once
/// \file

namespace azula {

/// The scales of the perturbation kernel p(x_t | x) = N(α_t x, σ_t² I).
struct Scales {
  double alpha;  ///< signal scale α_t >= 0
  double sigma;  ///< noise scale σ_t >= 0
};

}  // namespace azula
