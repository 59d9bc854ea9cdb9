#pragma once
/// \file

#include <cmath>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// How an ancestral method divides a step from ρ_t to ρ_s: a deterministic step goes down to ρ_down, below ρ_s, and
/// noise of standard deviation ρ_up leads back up to ρ_s.
///
///     ρ_down = ρ_s √(1 - η² (1 - ρ_s²/ρ_t²)),    ρ_up = η ρ_s √(1 - ρ_s²/ρ_t²),    ρ = σ/α
///
/// η in [0, 1] scales the standard deviation. Both are computed in closed form, since √(ρ_s² - ρ_up²) would lose all
/// digits in single precision where ρ_s is much less than ρ_t.
struct AncestralSplit {
  double down;
  double up;

  AncestralSplit(double eta, const Node& t, const Node& s) {
    const double q = t.alpha * s.sigma / (s.alpha * t.sigma);  // ρ_s/ρ_t, 0 where α_t = 0
    const double rho = s.sigma / s.alpha;
    down = rho * (eta == 1 ? q : std::sqrt(1 - eta * eta * (1 - q) * (1 + q)));
    up = eta == 0 ? 0 : rho * eta * std::sqrt((1 - q) * (1 + q));
  }
};

/// \throws std::invalid_argument if η is outside [0, 1].
inline void check_ancestral(const char* method, double eta) {
  require_in(0, 1, method, "eta", eta);
}

}  // namespace azula
