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

/// The two weights of a flow map, which makes the state at time s from x_t and the network's output y:
/// x_s = skip x_t + out y.
struct MapScaling {
  double skip;  ///< weight of x_t
  double out;   ///< weight of y
};

/// For networks whose output y is the average velocity between t and s, as in MeanFlow and shortcut models:
/// x_s = x_t + (s - t) y.
///
///     const azula::FlowMapDenoiser denoiser(network, azula::RectifiedSchedule{}, azula::AverageVelocity{});
struct AverageVelocity {
  MapScaling operator()(double t, double s) const { return {1, s - t}; }  ///< the weights of a step from t to s
};

/// For networks whose output y is the state at s itself, as in consistency trajectory models: x_s = y.
///
///     const azula::FlowMapDenoiser denoiser(network, azula::EDMSchedule{}, azula::StateAtNext{});
struct StateAtNext {
  MapScaling operator()(double, double) const { return {0, 1}; }  ///< the same weights for all times
};

/// A denoiser for flow maps: networks that lead from any time t to any time s, and so sample in one step or a few.
///
/// Flow maps are MeanFlow, shortcut and consistency trajectory models. The network is called as network(x_t, t, s),
/// which returns its output y, or network(x_t, t, s, y), which writes it. The map (AverageVelocity, StateAtNext or a
/// callable of yours) gives the weights of x_s = skip x_t + out y.
///
///     const auto network = [&](const auto& x, double t, double s, auto& y) { … };
///     azula::FlowMapDenoiser denoiser(network, azula::RectifiedSchedule{0, 0}, azula::AverageVelocity{});
///     azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 1});
///
/// The mean that it writes is not E[X | x_t]. It is the m with which a stage x_s = a x_t + b m ends where the map ends:
///
///     m = (x_s - a x_t)/b
///
/// For the average velocity of a flow, with α = 1 - t and σ = t, this is x_t - t y. Sampling is exact for methods whose
/// stages all have this form: Euler, DDIM, and Churned{Euler{}}, which adds noise before a step. Other methods use
/// predictions of earlier stages or add noise after the update; they are refused at the first stage that does so.
///
/// GuidedDenoiser mixes the ends of the steps. Clamping, thresholds and masks change the mean and so where a step ends.
/// Geng et al., Mean Flows for One-step Generative Modeling, 2025 (https://arxiv.org/abs/2505.13447);
/// Frans et al., One Step Diffusion via Shortcut Models, 2024 (https://arxiv.org/abs/2410.12557);
/// Kim et al., Consistency Trajectory Models, 2023 (https://arxiv.org/abs/2310.02279).
template <class N, Schedule S, class Map = AverageVelocity>
class FlowMapDenoiser {
  static_assert(wraps_network<N>());

 public:
  /// Takes the network, its schedule and its map.
  /// \param network  held by value or std::ref
  FlowMapDenoiser(N network, S schedule, Map map = {})
      : network_(std::move(network)), schedule_(std::move(schedule)), map_(std::move(map)) {}

  const S& schedule() const { return schedule_; }

  /// Writes the m of the stage into `mean`.
  /// \throws std::invalid_argument if the stage is not x_s = a x_t + b m, or if the network's output has another shape
  /// than x_t.
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
