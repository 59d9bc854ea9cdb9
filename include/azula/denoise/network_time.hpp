#pragma once
/// \file
/// The numbers that networks are given as the time. Any type whose call (schedule, t) returns a number is one, a lambda
/// for example: [](const auto&, double t) { return 1 - t; }.

#include <cmath>
#include <concepts>

namespace azula {

/// Gives networks on the schedule S a number as the time: a callable (schedule, t) that returns it.
template <class T, class S>
concept NetworkTime = requires(const T& time, const S& schedule, double t) {
  { time(schedule, t) } -> std::convertible_to<double>;
};

/// Gives the network the schedule's own time: scale · t + offset.
///
/// Networks of the score SDE take {.scale = 999}. Flows whose time runs from noise to data take
/// {.scale = -1, .offset = 1}.
///
///     const azula::NetworkDenoiser denoiser(network, schedule, azula::ScorePrediction{}, azula::OwnTime{.scale = 999});
struct OwnTime {
  double scale = 1;   ///< factor of the time
  double offset = 0;  ///< added to the product

  double operator()(const auto&, double t) const { return scale * t + offset; }
};

/// Gives the network the training step of a DiscreteSchedule, a number from 0 to T-1.
///
/// It is fractional between steps unless it is rounded. A network that looks its time embedding up in a table needs
/// {.rounded = true}.
struct TrainingStep {
  bool rounded = false;  ///< whether to round to whole steps

  template <class S>
    requires requires(const S& schedule, double t) { schedule.training_time(t); }
  double operator()(const S& schedule, double t) const {
    const double step = schedule.training_time(t);
    return rounded ? std::round(step) : step;
  }
};

/// Gives the network the logarithm of the noise-to-signal ratio: scale · log σ/α. EDM networks take a quarter of it,
/// which EDM calls `c_noise`.
struct LogRatioTime {
  double scale = 0.25;  ///< factor of the logarithm

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * std::log(scales.sigma / scales.alpha);
  }
};

/// Gives the network the noise-to-signal ratio: scale · σ/α.
///
///     const azula::NetworkDenoiser denoiser(network, schedule, azula::NoisePrediction{}, azula::RatioTime{});
struct RatioTime {
  double scale = 1;  ///< factor of the ratio

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * (scales.sigma / scales.alpha);
  }
};

/// Gives a flow network the share of the noise, scale · σ/(α + σ); under a shifted schedule this is the shifted σ.
///
/// Stable Diffusion 3 takes {.scale = 1000}, Flux's transformer takes 1. Flows whose time runs from noise to data take
/// {.reversed = true}, which gives scale · α/(α + σ).
struct FlowTime {
  double scale = 1;       ///< factor of the time
  bool reversed = false;  ///< α/(α + σ), the share of the signal, in place of the share of the noise

  double operator()(const auto& schedule, double t) const {
    const auto scales = schedule(t);
    return scale * (reversed ? scales.alpha : scales.sigma) / (scales.alpha + scales.sigma);
  }
};

}  // namespace azula
