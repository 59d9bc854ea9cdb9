#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/method/fixed_ab.hpp"

namespace azula {

/// The state at s if the noise in the state at t is `noise`: x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z), ρ = σ/α.
///
/// The pseudo-numerical methods use it where a classical method adds a slope.
inline Combination transfer(const Combination& x, const Combination& noise, const Node& t, const Node& s) {
  const double kept = s.alpha / t.alpha;
  return kept * x + (s.sigma - t.sigma * kept) * noise;
}

/// Evaluates the denoiser at the current state and returns the predicted noise.
inline Combination evaluate_noise(StepBuilder& step, const Combination& x, const Node& at) {
  const Stage noise = noise_prediction(at);
  return noise.u * x + noise.v * step.evaluate(at, noise);
}

/// The classical Runge–Kutta step with transfer() in place of a sum. Its middle evaluations are at `middle`; the first
/// transfer leads to `reached`, which is the same node.
inline void pseudo_runge_kutta_step(std::vector<Stage>& stages, const Node& t, const Node& reached,
                                    const Node& middle, const Node& s) {
  StepBuilder step(stages);
  const Combination x = step.start(), first = evaluate_noise(step, x, t);
  const Combination x_1 = transfer(x, first, t, reached);
  step.go(x_1, middle);
  const Combination second = evaluate_noise(step, x_1, middle), x_2 = transfer(x, second, t, middle);
  step.go(x_2, middle);
  const Combination third = evaluate_noise(step, x_2, middle), x_3 = transfer(x, third, t, s);
  step.go(x_3, s);
  const Combination fourth = evaluate_noise(step, x_3, s);
  step.go(transfer(x, 1.0 / 6 * (first + 2.0 * second + 2.0 * third + fourth), t, s), s);
  step.keep_first();
}

/// How PNDM obtains its first values.
enum class PNDMStart {
  heun,         ///< the first step is Heun's: one extra evaluation (PLMS, `skip_prk_steps` in diffusers)
  runge_kutta,  ///< the first three steps are classical Runge–Kutta steps: nine extra evaluations
};

/// A multistep solver with one evaluation per step, known as PLMS; use it to reproduce models that ship with PNDM.
///
///     azula::Sampler sampler(denoiser, azula::PNDM{}, {.steps = 50});
///
/// It is FixedAB<4>, the Adams–Bashforth method on the predicted noise with the weights of equal steps, with better
/// starting values. FixedAB begins with an Euler step and takes one more node in each step that follows. PNDM has two
/// other starts:
///
/// - PNDMStart::heun makes the first step twice, the second time with the mean of the noises at both ends.
/// - PNDMStart::runge_kutta makes three steps of the classical Runge–Kutta method, with the transfer below in place of
///   a sum. The middle of a step is taken in time.
///
/// The transfer by a noise z, with ρ = σ/α, is
///
///     x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z)
///
/// On steps that are not even the order is 2 at most. The noise is extrapolated to the end, even if σ = 0 there.
/// Liu et al., Pseudo Numerical Methods for Diffusion Models on Manifolds, 2022 (https://arxiv.org/abs/2202.09778).
struct PNDM {
  PNDMStart start = PNDMStart::heun;  ///< how the first steps are made

  static constexpr int history = 6;

  std::string name() const { return "PNDM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const Node& t = grid[i];
    const Node& s = grid[i + 1];
    const bool plain = !has_log_snr_length(t, s);
    if (start == PNDMStart::runge_kutta && i < 3 && !plain) {
      const Node middle = grid.at((t.t + s.t) / 2);
      return pseudo_runge_kutta_step(stages, t, middle, middle, s);
    }
    FixedAB<4>{.extrapolate_final = true}.append(stages, grid, i);
    if (start == PNDMStart::heun && i == 0 && grid.size() > 2 && !plain) improve(stages, t, s);
  }

 private:
  /// Makes the first step again, with the mean of the noises at both ends. The prediction seen here is not kept.
  static void improve(std::vector<Stage>& stages, const Node& t, const Node& s) {
    const double half = (s.sigma - t.sigma * s.alpha / t.alpha) / 2;
    Stage stage = noise_prediction(s);
    stage.time = stage.next = s.t;
    stage.a = 1 + half * stage.u;
    stage.b = half * stage.v;
    stage.h[0] = -half;
    stage.older = stage.drop = 1;
    stages.push_back(stage);
  }
};

}  // namespace azula
