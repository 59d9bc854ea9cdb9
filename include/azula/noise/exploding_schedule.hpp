#pragma once
/// \file

#include <cstddef>
#include <utility>

#include "azula/noise/scales.hpp"

namespace azula {

/// Any schedule in its variance exploding form, α = 1 and σ_t/α_t in place of σ_t: the states are x_t/α_t.
/// This is the form in which k-diffusion and its descendants hold their states; methods do not care, but
/// states, x_T among them, can then be exchanged.
///
///     azula::ExplodingSchedule schedule{azula::DiscreteSchedule(azula::linear_betas())};
template <class S>
class ExplodingSchedule {
 public:
  /// The schedule whose states are divided by α.
  explicit ExplodingSchedule(S schedule) : schedule_(std::move(schedule)) {}

  Scales operator()(double t) const {
    const auto scales = schedule_(t);
    return {1, scales.sigma / scales.alpha};
  }

  const S& inner() const { return schedule_; }  ///< that schedule

  /// \throws std::invalid_argument as the inner schedule's.
  void check() const {
    if constexpr (requires { schedule_.check(); }) schedule_.check();
  }

  /// What a schedule of training steps has besides; see DiscreteSchedule.
  double training_time(double t) const requires requires(const S& s) { s.training_time(t); }
  { return schedule_.training_time(t); }
  /// The time of a training step, if the inner schedule has such.
  double time_of(double step) const requires requires(const S& s) { s.time_of(step); }
  { return schedule_.time_of(step); }
  std::ptrdiff_t steps() const requires requires(const S& s) { s.steps(); }
  { return schedule_.steps(); }
  double time_of_log_snr(double lambda) const requires requires(const S& s) { s.time_of_log_snr(lambda); }
  { return schedule_.time_of_log_snr(lambda); }
  double clean_time() const requires requires(const S& s) { s.clean_time(); }
  { return schedule_.clean_time(); }

 private:
  S schedule_;
};

}  // namespace azula
