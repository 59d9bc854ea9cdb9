#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "azula/denoise/preconditioning.hpp"
#include "azula/integrate/one_step.hpp"
#include "azula/method/churn.hpp"

namespace azula::diffusers {

/// Euler's method with churn as diffusers implements it: noise is added after the evaluation of the network, not
/// before.
///
/// The network sees x_t. The step starts from the noisier state x̂:
///
///     x̂ = x_t + s_noise √(ρ̂² - ρ_t²) ε,    x_s = x̂ + (ρ_s/ρ̂ - 1) (x̂ - skip x̂ - out F)
///
/// F is the output of the network for x_t. The factors skip and out of the prediction are taken at ρ̂, or at ρ_t for
/// v-prediction. States have α = 1, so that ρ = σ.
struct LateChurnEuler {
  static constexpr int history = 1;

  Churn churn;
  std::function<Preconditioning(const Scales&)> prediction;
  bool at_raised = true;  ///< whether skip and out are taken at ρ̂

  std::string name() const { return "Euler"; }
  void check() const { churn.check("Churn"); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const bool inside = t.sigma >= churn.s_min && t.sigma <= churn.s_max;
    const double gamma =
        inside ? std::fmin(churn.s_churn / static_cast<double>(grid.size() - 1), std::sqrt(2.0) - 1) : 0;
    if (!(gamma > 0)) return stages.push_back(ode_step(t, s));
    grid.require_falling("Churn");
    const double raised = (1 + gamma) * t.sigma, far = s.sigma / raised - 1;
    const Preconditioning seen = prediction({1, t.sigma}),
                          used = prediction({1, at_raised ? raised : t.sigma});
    // The step uses the mean skip x̂ + out F, with F = (m - skip_t x_t)/out_t.
    const double of_mean = used.out / seen.out, of_state = used.skip - of_mean * seen.skip;
    const double deviation = churn.s_noise * std::sqrt((raised - t.sigma) * (raised + t.sigma));
    stages.push_back({.time = t.t,
                      .next = s.t,
                      .a = 1 + far - far * of_state,
                      .b = -far * of_mean,
                      .c = (1 + far - far * used.skip) * deviation});
  }
};

}  // namespace azula::diffusers
