#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Euler ancestral for flows: Euler to u_down, which is cleaner than s, then noise back up to s, with u = σ/(α + σ),
///
///     u_down = u_s d,    d = 1 - η (1 - u_s/u_t)
///     x_s = α_s m + σ_s (k z + √(1 - k²) ε),    k = d (1 - u_s)/(1 - u_down)
///
/// On a straight flow u is σ, and this is the "RF" form of euler_ancestral elsewhere; any other schedule is one in u.
/// Its η is not EulerAncestral's: as steps get small it is DDIM's, on a variance, and η = 1 keeps more of the noise it
/// sees than DDPM. η = 0 is Euler. First order (weak), one evaluation and one draw per step.
struct FlowAncestral {
  double eta = 1;  ///< η in [0, 1]

  static constexpr int history = 1;

  std::string name() const { return "FlowAncestral"; }
  /// \throws std::invalid_argument if η is outside [0, 1].
  void check() const { require_in(0, 1, "FlowAncestral", "eta", eta); }

  /// \throws std::invalid_argument if the times rise and η > 0.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (eta == 0 || s.sigma == 0) return stages.push_back(ode_step(t, s));
    grid.require_falling("FlowAncestral");
    // 1 - d, and from it 1 - k: for a small η, 1 - k² would have lost the digits.
    const double less = eta * (s.alpha * t.sigma - t.alpha * s.sigma) / ((s.alpha + s.sigma) * t.sigma);
    const double clean = s.alpha / (s.alpha + s.sigma), clean_down = clean + (1 - clean) * less;  // 1 - u_s, 1 - u_down
    const double kept = (1 - less) * clean / clean_down, lost = less / clean_down;
    stages.push_back(kept_step(t, s, kept, std::sqrt(lost * (2 - lost))));
  }
};

}  // namespace azula
