#pragma once
/// \file

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/preconditioning.hpp"
#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/state.hpp"

namespace azula {

/// How a network's output y becomes the state at s: x_s = skip x_t + out y.
struct MapScaling {
  double skip;  ///< of x_t
  double out;   ///< of y
};

/// y is the average velocity of the way from t to s: x_s = x_t + (s - t) y. MeanFlow, shortcut models.
struct AverageVelocity {
  MapScaling operator()(double t, double s) const { return {1, s - t}; }  ///< from time t to time s
};

/// y is the state at s: x_s = y. Consistency-trajectory models.
struct StateAtNext {
  MapScaling operator()(double, double) const { return {0, 1}; }  ///< for all times
};

/// A network that knows where the flow leads, from any time t to any time s, and so draws in one step or in few:
/// network(x_t, t, s) returns its output y, or network(x_t, t, s, y) writes it, and x_s = skip x_t + out y is what
/// the map (AverageVelocity, StateAtNext, or a callable of yours) makes of it.
///
///     const auto network = [&](const auto& x, double t, double s, auto& y) { … };
///     azula::FlowMapDenoiser denoiser(network, azula::RectifiedSchedule{0, 0}, azula::AverageVelocity{});
///     azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 1});
///
/// Its mean is not E[X | x_t] but what makes a stage x_s = a x_t + b m end where the map does:
///
///     m = (x_s - a x_t)/b        x_t - t y, for the average velocity of a flow, α = 1 - t and σ = t
///
/// Exact for methods whose stages all have this form: Euler, DDIM, and Churned{Euler{}}, which adds noise before a step.
/// Others use predictions of earlier stages or add noise after them, and are refused at the first stage that does.
/// GuidedDenoiser mixes the ends of the steps; clamping, thresholds and masks change the mean, and with it where a step
/// ends.
/// Geng et al., Mean Flows for One-step Generative Modeling, 2025 (https://arxiv.org/abs/2505.13447); Frans et al., One
/// Step Diffusion via Shortcut Models, 2024 (https://arxiv.org/abs/2410.12557); Kim et al., Consistency Trajectory Models,
/// 2023 (https://arxiv.org/abs/2310.02279).
template <class N, Schedule S, class Map = AverageVelocity>
class FlowMapDenoiser {
 public:
  /// \param network  held by value or std::ref
  FlowMapDenoiser(N network, S schedule, Map map = {})
      : network_(std::move(network)), schedule_(std::move(schedule)), map_(std::move(map)) {}

  const S& schedule() const { return schedule_; }

  /// \throws std::invalid_argument if the stage does more than a x + b m, or the network's output has another shape than
  /// x_t.
  template <State X>
  void operator()(const X& x_t, const Stage& stage, plain_t<X>& mean) const {
    check(stage);
    call(x_t, stage, mean);
    require_shape(mean, x_t, "FlowMapDenoiser", "the network's output must have the shape of its input");
    const auto [skip, out] = map_(stage.time, stage.next);
    combine_mean(samples(mean), samples(x_t), {.skip = (skip - stage.a) / stage.b, .out = out / stage.b, .in = 1});
  }

 private:
  template <class X>
  void call(const X& x_t, const Stage& stage, plain_t<X>& y) const {
    const std::unwrap_reference_t<N>& network = network_;
    if constexpr (requires { network(x_t, stage.time, stage.next, y); }) {
      network(x_t, stage.time, stage.next, y);
    } else {
      static_assert(requires { y = network(x_t, stage.time, stage.next); },
                    "azula::FlowMapDenoiser: the network cannot be called with this state; it needs "
                    "operator()(x_t, t, s) that returns its output, or operator()(x_t, t, s, output) that writes it");
      y = network(x_t, stage.time, stage.next);
    }
  }

  static void check(const Stage& stage) {
    if (stage.older == 0 && stage.c == 0 && stage.b != 0) return;
    reject("FlowMapDenoiser", "a stage must be a x + b m, as those of Euler and DDIM are",
           join({"one of step ", std::to_string(stage.step), " with ", std::to_string(stage.older),
                 " predictions before, b = ", show(stage.b), " and noise of deviation ", show(stage.c)}));
  }

  N network_;
  S schedule_;
  Map map_;
};

}  // namespace azula
