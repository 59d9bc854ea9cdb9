#pragma once
/// \file

#include <cmath>
#include <concepts>
#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/noise/clean_time.hpp"
#include "azula/noise/log_snr.hpp"
#include "azula/time/training_times.hpp"

namespace azula::names {

/// The schedule of a flow model, α = 1 - σ, that can compute the time of a σ, such as ShiftedRectifiedSchedule.
template <class S>
concept FlowSchedule = !TrainingSchedule<S> && requires(const S& schedule, double sigma) {
  { schedule.time_of_sigma(sigma) } -> std::convertible_to<double>;
};

/// A noise schedule as other systems represent it: a list of sigmas at the training steps k = 0 … T-1.
///
/// For a model that was trained on discrete steps, the sigmas are σ/α at these steps. For a flow model they are σ
/// itself, at the times (k + 1)/T.
template <class S>
  requires TrainingSchedule<S> || FlowSchedule<S>
class ModelSigmas {
 public:
  /// \param steps  T, for a flow model; a schedule with discrete steps has its own
  ModelSigmas(const S& schedule, std::ptrdiff_t steps) : schedule_(schedule), steps_(steps) {
    if constexpr (TrainingSchedule<S>) steps_ = static_cast<std::ptrdiff_t>(schedule.steps());
  }

  std::ptrdiff_t steps() const { return steps_; }
  double last() const { return static_cast<double>(steps_ - 1); }

  /// The time of a training step, which may be fractional.
  double time_of(double step) const {
    if constexpr (TrainingSchedule<S>) {
      return schedule_.time_of(step);
    } else {
      return (step + 1) / static_cast<double>(steps_);
    }
  }

  double sigma_at(double t) const {
    const auto scales = schedule_(t);
    return TrainingSchedule<S> ? scales.sigma / scales.alpha : scales.sigma;
  }

  double time_of_sigma(double sigma) const {
    if constexpr (TrainingSchedule<S>) {
      return time_of_log_snr(schedule_, -std::log(sigma), time_of(0), time_of(last()));
    } else {
      return schedule_.time_of_sigma(sigma);
    }
  }

  double clean() const { return clean_time(schedule_, "ModelSigmas"); }

 private:
  const S& schedule_;
  std::ptrdiff_t steps_;
};

}  // namespace azula::names
