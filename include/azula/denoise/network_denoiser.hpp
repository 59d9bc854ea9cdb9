#pragma once
/// \file

#include <string>
#include <type_traits>
#include <utility>

#include "azula/denoise/network_time.hpp"
#include "azula/denoise/prediction.hpp"
#include "azula/denoise/preconditioning.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Turns a trained network into a denoiser, for all usual parametrisations: noise, data, velocity, flow, score and EDM.
///
///     E[X | x_t] = skip x_t + out network(in x_t, c(t))
///
/// What the network predicts gives skip, out and in: NoisePrediction, DataPrediction, VelocityPrediction,
/// FlowPrediction, ScorePrediction or EDMPrediction. What it is given as the time is c: OwnTime, TrainingStep,
/// LogRatioTime, RatioTime, FlowTime or a callable (schedule, t). The network is called as network(input, c, output),
/// which writes its output, or network(input, c), which returns it; both have the shape of x_t. It captures conditions
/// such as a prompt.
///
///     azula::DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
///     const auto unet = [&](const auto& input, double step, auto& output) { … };
///     azula::NetworkDenoiser denoiser(unet, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
template <class N, Schedule S, class P, class Time = OwnTime>
class NetworkDenoiser {
  static_assert(wraps_network<N>());
  static_assert(Prediction<P>,
                "azula::NetworkDenoiser: the third argument must be what the network predicts, such as "
                "NoisePrediction{}; the network's time, such as TrainingStep{}, comes fourth");
  static_assert(!Prediction<P> || NetworkTime<Time, S>,
                "azula::NetworkDenoiser: the fourth argument gives no time of the network on this schedule; "
                "TrainingStep needs a schedule with training steps, such as DiscreteSchedule; others take OwnTime{} or "
                "a callable (schedule, t)");

 public:
  template <State X>
  using Workspace = NetworkWorkspace<X>;

  /// Takes a network, held by value or std::ref, its schedule, and how it was trained.
  /// \throws std::invalid_argument if an option of the prediction is out of range.
  NetworkDenoiser(N network, S schedule, P prediction, Time time = {})
      : network_(std::move(network)),
        schedule_(std::move(schedule)),
        prediction_(prediction),
        time_(std::move(time)) {
    if constexpr (requires { prediction_.check(); }) prediction_.check();
  }

  const S& schedule() const { return schedule_; }

  /// Writes E[X | x_t] into `mean`.
  /// \throws std::invalid_argument if the network's output has another shape than x_t, or if the prediction does not
  /// determine the mean at this time: noise and score where α = 0.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    preconditioned_mean(target(), x_t, preconditioning(t), time_(schedule_, t), mean, work, "NetworkDenoiser");
  }

  /// Writes E[X | x_t] with a time for each sample. c is then an array, SampleTimes, with a number per sample.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    const auto call_at = [&](double t) { return NetworkCall{preconditioning(t), time_(schedule_, t)}; };
    preconditioned_mean(target(), x_t, times, call_at, mean, work, "NetworkDenoiser");
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

  /// Writes out = Jᵀ v with J = ∂E[X | x_t]/∂x_t; available if the network has network.vjp(input, c, v, out).
  ///
  /// It allocates memory for the scaled input.
  /// \throws std::invalid_argument if v or the network's product has another shape than x_t.
  template <State X>
  requires requires(const std::unwrap_reference_t<N>& n, const plain_t<X>& x, double t, plain_t<X>& out) {
    n.vjp(x, t, x, out);
  }
  void vjp(const X& x_t, double t, const plain_t<X>& v, plain_t<X>& out) const {
    using T = scalar_t<X>;
    const Preconditioning c = preconditioning(t);
    require_shape(v, x_t, "NetworkDenoiser", "v must have the shape of the state");
    Workspace<X> work(x_t);
    resize_like(out, x_t);
    target().vjp(scaled_input(x_t, c.in, work, out), time_(schedule_, t), v, out);
    require_shape(out, x_t, "NetworkDenoiser", "the network's product must have the shape of the state");
    auto product = samples(out);
    product = T(c.skip) * samples(v) + T(c.out * c.in) * product;
  }

 private:
  const std::unwrap_reference_t<N>& target() const { return network_; }

  Preconditioning preconditioning(double t) const {
    const auto scales = schedule_(t);
    const Preconditioning c = prediction_(Scales{scales.alpha, scales.sigma});
    if (!(is_finite(c.skip) && is_finite(c.out) && is_finite(c.in))) {
      reject("NetworkDenoiser",
             "this prediction does not tell the mean at time " + show(t) +
                 " (noise and score need a signal: alpha > 0; use velocity, or start below)",
             "alpha = " + show(scales.alpha) + ", sigma = " + show(scales.sigma));
    }
    return c;
  }

  N network_;
  S schedule_;
  P prediction_;
  Time time_;
};

}  // namespace azula
