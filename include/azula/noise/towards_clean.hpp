#pragma once
/// \file

#include <cmath>

namespace azula {

/// Returns a cleaner time than t, at `share` in [0, 1] of the way from time 0 to t.
///
/// It is share · t. On a schedule of training steps it is the time of the whole step at or below share · (step of t). A
/// schedule with a member towards_clean(t, share) answers itself. The result is never noisier than t: where it would
/// be, at times below 0 or below the first training step, it is t.
template <class S>
double towards_clean(const S& schedule, double t, double share) {
  if constexpr (requires { schedule.towards_clean(t, share); }) {
    return schedule.towards_clean(t, share);
  } else if constexpr (requires { schedule.time_of(schedule.training_time(t)); }) {
    // 1e-9 against rounding: 1 - 0.9 is slightly less than 0.1, yet this share of step 10 is step 1.
    return std::fmin(t, schedule.time_of(std::floor(share * schedule.training_time(t) + 1e-9)));
  } else {
    return std::fmin(t, share * t);
  }
}

}  // namespace azula
