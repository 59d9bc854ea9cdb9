#pragma once
/// \file
/// The closed forms of a single step from t to s that several methods share.

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// The exact step of the probability-flow ODE for a constant mean (and so for a constant noise or
/// velocity), DDIM with η = 0:
///
///     x_s = (σ_s/σ_t) x_t + (α_s - α_t σ_s/σ_t) m
///
/// Finite for σ_s = 0 and for α_t = 0.
inline Stage ode_step(const Node& t, const Node& s) {
  const double ratio = s.sigma / t.sigma;
  return {.time = t.t, .next = s.t, .a = ratio, .b = s.alpha - t.alpha * ratio};
}

/// The step to σ_s = 0, where x_s = α_s m is all that is known: x_s and α_s X are the same there.
inline Stage clean_step(const Node& t, const Node& s) { return {.time = t.t, .next = s.t, .a = 0, .b = s.alpha}; }

/// \throws std::invalid_argument unless η, the share of noise of `method`, is in [0, 100]: more overflows, or needs
/// ever more panels of quadrature.
inline void require_eta(const char* method, double eta) { require_in(0, 100, method, "eta", eta); }

/// \throws std::invalid_argument if α_t = 0: `method` divides by it.
inline void require_signal(const char* method, const Node& t) {
  if (!(t.alpha > 0)) {
    reject(method, join({"alpha must be positive where the method divides by it, at time ", show(t.t)}),
           show(t.alpha));
  }
}

/// The remembered noise: z = (x - α m) / σ.
inline Stage noise_prediction(const Node& t) { return {.u = 1 / t.sigma, .v = -t.alpha / t.sigma}; }

}  // namespace azula
