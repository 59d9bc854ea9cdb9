#pragma once
/// \file

#include <cstddef>
#include <utility>

#include "azula/noise/scales.hpp"
#include "azula/noise/time_interval.hpp"

namespace azula {

/// Rewrites a schedule in variance exploding form, for states x_t/α_t as k-diffusion and its descendants hold them.
///
///     α = 1,    σ = σ_t/α_t
///
/// Samplers give the same results in either form. This one is for exchanging states, such as the initial noise, with
/// programs that use it. A network that was trained on variance preserving states needs
/// NoisePrediction{.input = InputForm::preserving} here.
///
///     azula::ExplodingSchedule schedule{azula::DiscreteSchedule(azula::linear_betas())};
template <class S>
class ExplodingSchedule {
 public:
  /// Takes the schedule whose states are to be divided by α.
  explicit ExplodingSchedule(S schedule) : schedule_(std::move(schedule)) {}

  Scales operator()(double t) const {
    const auto scales = schedule_(t);
    return {1, scales.sigma / scales.alpha};
  }

  const S& inner() const { return schedule_; }  ///< the schedule that it rewrites

  /// Checks the inner schedule. \throws std::invalid_argument as that one does.
  void check() const {
    if constexpr (requires { schedule_.check(); }) schedule_.check();
  }

  /// The number that the network is given for time t, if the inner schedule has training steps; see DiscreteSchedule.
  double training_time(double t) const requires requires(const S& s) { s.training_time(t); }
  { return schedule_.training_time(t); }
  /// The time of a training step, if the inner schedule has training steps.
  double time_of(double step) const requires requires(const S& s) { s.time_of(step); }
  { return schedule_.time_of(step); }
  std::ptrdiff_t steps() const requires requires(const S& s) { s.steps(); }
  { return schedule_.steps(); }
  double time_of_log_snr(double lambda) const requires requires(const S& s) { s.time_of_log_snr(lambda); }
  { return schedule_.time_of_log_snr(lambda); }
  TimeInterval time_interval() const requires requires(const S& s) { s.time_interval(); }
  { return schedule_.time_interval(); }
  double clean_time() const requires requires(const S& s) { s.clean_time(); }
  { return schedule_.clean_time(); }

 private:
  S schedule_;
};

}  // namespace azula
