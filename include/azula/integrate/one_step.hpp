#pragma once
/// \file
/// The closed forms of a single step from t to s that several methods share.

#include <cmath>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// The exact step of the probability-flow ODE for a constant mean (and so for a constant noise or
/// velocity), DDIM with η = 0:
///
///     x_s = (σ_s/σ_t) x_t + (α_s - α_t σ_s/σ_t) m
///
/// Finite for σ_s = 0, for α_t = 0 and, towards noise, for α_s = 0, where it is x_s = σ_s z.
inline Stage ode_step(const Node& t, const Node& s) {
  const double ratio = s.sigma / t.sigma;
  return {.time = t.t, .next = s.t, .a = ratio, .b = s.alpha - t.alpha * ratio};
}

/// Whether a step from t to s has a length in log α/σ: a finite one (not with α = 0 or σ = 0 at an end), and one of which
/// rounding has left a digit. Where it has not, a method in that variable makes the first-order step, which is as good
/// on a step so short.
inline bool has_log_snr_length(const Node& t, const Node& s) {
  if (!(t.alpha > 0 && s.alpha > 0 && t.sigma > 0 && s.sigma > 0)) return false;
  return std::fabs(s.alpha * t.sigma / (t.alpha * s.sigma) - 1) > 1e-12;
}

/// The step to σ_s = 0, where x_s = α_s m is all that is known: x_s and α_s X are the same there.
inline Stage clean_step(const Node& t, const Node& s) { return {.time = t.t, .next = s.t, .a = 0, .b = s.alpha}; }

/// The step that keeps a share of the noise it sees, z = (x_t - α_t m)/σ_t, and draws the rest anew:
///
///     x_s = α_s m + σ_s (kept z + fresh ε) = a x_t + (α_s - α_t a) m + σ_s fresh ε,    a = kept σ_s/σ_t
///
/// With kept² + fresh² = 1 the state has the noise that its time says. Both are given: 1 - kept² would have lost digits.
inline Stage kept_step(const Node& t, const Node& s, double kept, double fresh) {
  Stage stage{.time = t.t, .next = s.t, .a = s.sigma * kept / t.sigma, .c = s.sigma * fresh};
  stage.b = s.alpha - t.alpha * stage.a;
  return stage;
}

/// Back to more noise, without an evaluation: x_s = (α_s/α_t) x_t + factor α_s √(ρ_s² - ρ_t²) ε, ρ = σ/α. The noise is
/// of its own, on no path that leads down.
inline Stage noise_step(const Node& t, const Node& s, double factor) {
  const double rho_t = t.sigma / t.alpha, rho_s = s.sigma / s.alpha;
  return {.time = t.t,
          .next = s.t,
          .a = s.alpha / t.alpha,
          .c = s.alpha * factor * std::sqrt((rho_s - rho_t) * (rho_s + rho_t)),
          .from = s.t,
          .evaluates = false};
}

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
