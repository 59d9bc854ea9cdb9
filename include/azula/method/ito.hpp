#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// Euler–Maruyama on the reverse-time Itô SDE in ρ = σ/α:
///
///     x_s = α_s (x_t/α_t + (1 + η²)/T (ρ_s - ρ_t) z + η √(ρ_t² - ρ_s²) ε),    z = (x_t - α_t m)/σ_t
///
/// First order (weak), one evaluation and, for η > 0, one draw per step. Unstable for few steps: its
/// noise is not bounded by σ_s. The temperature T scales the score; it does not sample p(x)^(1/T).
/// (η, T) = (0, 1) is Euler. Karras et al., Elucidating the Design Space of Diffusion-Based
/// Generative Models, 2022 (https://arxiv.org/abs/2206.00364), eq. 6.
struct Ito {
  double eta = 1;          ///< η in [0, 100]
  double temperature = 1;  ///< T in [1e-6, 1e6]

  static constexpr int history = 1;

  std::string name() const { return "Ito"; }

  /// \throws std::invalid_argument if an option is out of range.
  void check() const {
    require_eta("Ito", eta);
    require_in(1e-6, 1e6, "Ito", "temperature", temperature);
  }

  /// \throws std::invalid_argument if α_t = 0 (ρ is infinite there) and the step is not Euler's.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    if (s.sigma == 0) return stages.push_back(clean_step(t, s));
    Stage stage = ode_step(t, s);
    const double excess = (1 + eta * eta) / temperature - 1;
    if (excess != 0 || eta != 0) {
      require_signal("Ito", t);
      const double rho_t = t.sigma / t.alpha, rho_s = s.sigma / s.alpha;
      const double extra = excess * (s.sigma - s.alpha * rho_t);
      stage.a += extra / t.sigma;
      stage.b -= extra * t.alpha / t.sigma;
      if (eta != 0) stage.c = s.alpha * eta * std::sqrt((rho_t - rho_s) * (rho_t + rho_s));
    }
    stages.push_back(stage);
  }
};

}  // namespace azula
