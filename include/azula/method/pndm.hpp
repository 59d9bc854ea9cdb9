#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"
#include "azula/integrate/step_builder.hpp"
#include "azula/method/fixed_ab.hpp"

namespace azula {

/// The step of the pseudo-numerical methods, for a given noise: x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z), ρ = σ/α.
inline Combination transfer(const Combination& x, const Combination& noise, const Node& t, const Node& s) {
  const double kept = s.alpha / t.alpha;
  return kept * x + (s.sigma - t.sigma * kept) * noise;
}

/// The noise seen at the current state.
inline Combination evaluate_noise(StepBuilder& step, const Combination& x, const Node& at) {
  const Stage noise = noise_prediction(at);
  return noise.u * x + noise.v * step.evaluate(at, noise);
}

/// The classical Runge–Kutta step with the transfer in place of a sum, its middle evaluations at `middle`;
/// the first of them is reached by a transfer to `reached`, which is the same node.
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

/// How PNDM begins.
enum class PNDMStart {
  heun,         ///< one step of Heun's, with one evaluation more (PLMS, `skip_prk_steps`)
  runge_kutta,  ///< three of the classical Runge–Kutta method, with nine more
};

/// Pseudo linear multistep (PLMS): FixedAB<4>, Adams–Bashforth with the weights of even steps on the noise,
/// but for its start.
///
/// FixedAB begins with Euler's step and takes one node more in each that follows. Here the first step is made
/// twice, the second time with the mean of the noises at both ends; or the first three are of the classical
/// Runge–Kutta method, with x_s = α_s (x_t/α_t + (ρ_s - ρ_t) z), ρ = σ/α, in place of a sum and the middle of
/// a step in the times. One evaluation per step and those of the start. Second order at most where steps are
/// uneven. The noise is extrapolated to the end, also where σ = 0 there. Liu et al., Pseudo Numerical Methods
/// for Diffusion Models on Manifolds, 2022 (https://arxiv.org/abs/2202.09778).
struct PNDM {
  PNDMStart start = PNDMStart::heun;  ///< where the first values come from

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
  /// The first step again, with the mean of the noises at both ends. What is seen here is forgotten.
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
