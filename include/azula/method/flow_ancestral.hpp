#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"

namespace azula {

/// A first-order solver for flow models with one evaluation per step and fresh noise in every step.
///
/// Use it for few-step flow models that expect some fresh noise (Renoise replaces all of it), and to reproduce the "RF"
/// form of euler_ancestral in other programs.
///
///     azula::Sampler sampler(denoiser, azula::FlowAncestral{.eta = 0.5}, {.steps = 8});
///
/// An Euler step leads to u_down, which is cleaner than s, then noise leads back up to s, with u = σ/(α + σ):
///
///     u_down = u_s d,    d = 1 - η (1 - u_s/u_t)
///     x_s = α_s m + σ_s (k z + √(1 - k²) ε),    k = d (1 - u_s)/(1 - u_down)
///
/// Here m is the denoised mean, z the predicted noise and ε fresh noise. On a straight flow u is σ; the method works on
/// any other schedule, too. For small steps η acts like DDIM's η, which scales a variance, and not like
/// EulerAncestral's; with η = 1 a step keeps more of the predicted noise than a step of DDPM. η = 0 is Euler.
///
/// The distribution of the samples converges with order 1 (weak order). One draw of noise per step, none to σ_s = 0.
struct FlowAncestral {
  double eta = 1;  ///< η in [0, 1], the share of fresh noise: 0 is Euler

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
    // 1 - d, and from it 1 - k: for a small η, computing 1 - k² from k would lose digits.
    const double less = eta * (s.alpha * t.sigma - t.alpha * s.sigma) / ((s.alpha + s.sigma) * t.sigma);
    const double clean = s.alpha / (s.alpha + s.sigma), clean_down = clean + (1 - clean) * less;  // 1 - u_s, 1 - u_down
    const double kept = (1 - less) * clean / clean_down, lost = less / clean_down;
    stages.push_back(kept_step(t, s, kept, std::sqrt(lost * (2 - lost))));
  }
};

}  // namespace azula
