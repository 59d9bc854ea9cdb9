#pragma once
/// \file
/// Closed forms of a single step from t to s, shared by several methods.

#include <cmath>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// The step of the probability-flow ODE that is exact for a constant mean; Euler's step, and DDIM's with η = 0.
///
///     x_s = (σ_s/σ_t) x_t + (α_s - α_t σ_s/σ_t) m
///
/// It is as exact for a constant noise or velocity. It is finite for σ_s = 0, for α_t = 0 and, towards noise, for
/// α_s = 0, where it is x_s = σ_s z.
inline Stage ode_step(const Node& t, const Node& s) {
  const double ratio = s.sigma / t.sigma;
  return {.time = t.t, .next = s.t, .a = ratio, .b = s.alpha - t.alpha * ratio};
}

/// Whether a step from t to s has a length in log α/σ that can be used.
///
/// It has none if α = 0 or σ = 0 at an end, where the length is infinite, or if the ends are so close that only
/// rounding is left of it. Methods in that variable then make the first-order step, which is as good on so short a
/// step.
inline bool has_log_snr_length(const Node& t, const Node& s) {
  if (!(t.alpha > 0 && s.alpha > 0 && t.sigma > 0 && s.sigma > 0)) return false;
  return std::fabs(s.alpha * t.sigma / (t.alpha * s.sigma) - 1) > 1e-12;
}

/// The step to σ_s = 0, which is x_s = α_s m: at σ_s = 0, x_s equals α_s X, of which only the mean is known.
inline Stage clean_step(const Node& t, const Node& s) { return {.time = t.t, .next = s.t, .a = 0, .b = s.alpha}; }

/// The step that keeps a share of the predicted noise z = (x_t - α_t m)/σ_t and draws the rest anew:
///
///     x_s = α_s m + σ_s (kept z + fresh ε) = a x_t + (α_s - α_t a) m + σ_s fresh ε,    a = kept σ_s/σ_t
///
/// With kept² + fresh² = 1 the state has the noise level of its time. The caller gives both numbers, since computing
/// one from the other as √(1 - kept²) would lose digits.
inline Stage kept_step(const Node& t, const Node& s, double kept, double fresh) {
  Stage stage{.time = t.t, .next = s.t, .a = s.sigma * kept / t.sigma, .c = s.sigma * fresh};
  stage.b = s.alpha - t.alpha * stage.a;
  return stage;
}

/// The step to more noise, without an evaluation: x_s = (α_s/α_t) x_t + factor α_s √(ρ_s² - ρ_t²) ε, ρ = σ/α.
///
/// This noise is drawn on its own. It does not belong to the path of noise along which the run goes down.
inline Stage noise_step(const Node& t, const Node& s, double factor) {
  const double rho_t = t.sigma / t.alpha, rho_s = s.sigma / s.alpha;
  return {.time = t.t,
          .next = s.t,
          .a = s.alpha / t.alpha,
          .c = s.alpha * factor * std::sqrt((rho_s - rho_t) * (rho_s + rho_t)),
          .from = s.t,
          .evaluates = false};
}

/// Checks η, the share of noise of `method`; a larger one overflows, or needs ever more panels of quadrature.
/// \throws std::invalid_argument unless η is in [0, 100].
inline void require_eta(const char* method, double eta) { require_in(0, 100, method, "eta", eta); }

/// Checks that `method` can divide by α_t.
/// \throws std::invalid_argument if α_t = 0.
inline void require_signal(const char* method, const Node& t) {
  if (!(t.alpha > 0)) {
    reject(method, join({"alpha must be positive where the method divides by it, at time ", show(t.t)}),
           show(t.alpha));
  }
}

/// A stage whose remembered prediction is the predicted noise, z = (x - α m)/σ.
inline Stage noise_prediction(const Node& t) { return {.u = 1 / t.sigma, .v = -t.alpha / t.sigma}; }

}  // namespace azula
