#pragma once
/// \file

#include <cmath>

namespace azula {

/// The time at `share` of t, in [0, 1]; on a schedule of training steps that of the whole step at or below that share
/// of t's step; a schedule that has a towards_clean(t, share) is asked. Never noisier than t, but t itself where this would be: at times below 0 or the first training step.
template <class S>
double towards_clean(const S& schedule, double t, double share) {
  if constexpr (requires { schedule.towards_clean(t, share); }) {
    return schedule.towards_clean(t, share);
  } else if constexpr (requires { schedule.time_of(schedule.training_time(t)); }) {
    // 1e-9: the share 1 - 0.9 of step 10 is step 1, though it is less than 0.1.
    return std::fmin(t, schedule.time_of(std::floor(share * schedule.training_time(t) + 1e-9)));
  } else {
    return std::fmin(t, share * t);
  }
}

}  // namespace azula
