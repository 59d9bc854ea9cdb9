#pragma once
/// \file

#include <cmath>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A first-order stochastic solver with one evaluation per step: Euler–Maruyama on the reverse SDE.
///
/// Use it with many steps only; it is unstable for few steps, since nothing bounds its noise by σ_s.
///
///     azula::Sampler sampler(denoiser, azula::Ito{.eta = 0.5}, {.steps = 250});
///
/// The reverse-time Itô SDE in ρ = σ/α, with the predicted noise z, the denoised mean m and fresh noise ε, gives
///
///     x_s = α_s (x_t/α_t + (1 + η²)/T (ρ_s - ρ_t) z + η √(ρ_t² - ρ_s²) ε),    z = (x_t - α_t m)/σ_t
///
/// The temperature T divides the score; it does not sample from p(x)^(1/T). (η, T) = (0, 1) is Euler. The distribution
/// of the samples converges with order 1 (weak order). If η > 0 each step draws noise once, except a step to σ_s = 0,
/// which is x_s = α_s m, and the times must fall.
/// Karras et al., Elucidating the Design Space of Diffusion-Based Generative Models, 2022
/// (https://arxiv.org/abs/2206.00364), eq. 6.
struct Ito {
  double eta = 1;          ///< η in [0, 100]; 1 is the reverse SDE, 0 draws no noise
  double temperature = 1;  ///< T in [1e-6, 1e6]

  static constexpr int history = 1;

  std::string name() const { return "Ito"; }

  /// \throws std::invalid_argument if an option is out of range.
  void check() const {
    require_eta("Ito", eta);
    require_in(1e-6, 1e6, "Ito", "temperature", temperature);
  }

  /// \throws std::invalid_argument if α_t = 0, where ρ is infinite, and the step is neither Euler's nor one to σ_s = 0.
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
