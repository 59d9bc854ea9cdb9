#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/ancestral_split.hpp"
#include "azula/method/ddim.hpp"

namespace azula {

/// Adds noise to a deterministic method M: each step goes further down than it should, and fresh noise leads back up.
///
///     azula::Sampler sampler(denoiser, azula::Ancestral{azula::xEAB<2>{}}, {.steps = 20});
///     azula::Sampler sampler(denoiser, azula::Ancestral{azula::Heun{}, 0.5}, {.steps = 20});  // half of the noise
///
/// M leads from ρ_t to ρ_down, with ρ = σ/α, and noise of standard deviation ρ_up from there to ρ_s; AncestralSplit has
/// the formulas. η = 0 is M. A step takes as many evaluations as a step of M, and there is one draw of noise per step.
/// The times must fall.
///
/// The distribution of the samples converges with order 2 for one-step methods M of order 2 and more. A multistep M
/// keeps its predictions across the noise and is of order 1; DPMSolverMultistepSDE has noise and order 2. A step to
/// σ_s = 0 or from α_t = 0 is of first order. If ρ_down is less than ρ at the last time, the denoiser is called with
/// the last time.
///
/// M must not rely on the results of earlier steps, as methods with a corrector do.
///
/// Ancestral{Euler{}} is EulerAncestral. Ancestral{xEAB<2>{}} is known as RES multistep ancestral; the code of ComfyUI
/// puts the older mean at the distance of the last step down, this class at its own node.
template <class M>
struct Ancestral {
  static_assert(!requires { M::spans_steps; },
                "azula::Ancestral: the method inside relies on the state where its last step ended, and noise moves that");

  M method;
  double eta = 1;  ///< η in [0, 1], the share of fresh noise: 0 is M

  static constexpr int history = M::history;

  std::string name() const { return "Ancestral " + method.name(); }
  /// \throws std::invalid_argument if η is outside [0, 1], or an option of the method out of range.
  void check() const {
    method.check();
    check_ancestral("Ancestral", eta);
  }

  /// \throws std::invalid_argument if the times rise, or M draws noise of its own.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (eta == 0) return method.append(stages, grid, i);
    grid.require_falling("Ancestral");
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const AncestralSplit split(eta, t, s);
    if (!has_log_snr_length(t, s) || !(split.down > 0)) return append_first_order(stages, grid, i);
    Node down = grid.cleaner(-std::log(split.down), i);
    down.sigma = down.alpha * split.down;
    const std::size_t before = stages.size();
    method.append(stages, grid.replaced(i + 1, down), i);
    for (std::size_t j = before; j < stages.size(); ++j) require_quiet(stages[j]);
    add_noise(stages.back(), down, s, s.alpha * split.up);
    if (stages.back().time != t.t) stages.back().from = t.t;
  }

 private:
  /// Appends the step of EulerAncestral, which remembers the prediction that M would remember.
  void append_first_order(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    std::vector<Stage> own, noisy;
    method.append(own, grid, i);
    DDIM{.eta = eta * eta}.append(noisy, grid, i);
    noisy[0].u = own[0].u;
    noisy[0].v = own[0].v;
    stages.push_back(noisy[0]);
  }

  void require_quiet(const Stage& stage) const {
    if (stage.c != 0) reject("Ancestral", "the method inside must draw no noise of its own", method.name());
  }

  /// Turns a stage that leads to `down` into one that leads to s, with noise of standard deviation `deviation`.
  static void add_noise(Stage& stage, const Node& down, const Node& s, double deviation) {
    const double scale = s.alpha / down.alpha;
    stage.a *= scale;
    stage.b *= scale;
    for (double& weight : stage.h) weight *= scale;
    stage.c = deviation;
    stage.next = s.t;
  }
};

template <class M>
Ancestral(M) -> Ancestral<M>;
template <class M>
Ancestral(M, double) -> Ancestral<M>;

}  // namespace azula
