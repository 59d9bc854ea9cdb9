#pragma once
/// \file

#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// The times at which a noise schedule is defined, from its clean end to its noisy end.
///
/// A schedule says so by a member function, which is optional. A sampler then refuses times outside:
///
///     struct MySchedule {
///       azula::Scales operator()(double t) const { return {std::cos(1.5 * t), std::sin(1.5 * t)}; }
///       azula::TimeInterval time_interval() const { return {.low = 0, .high = 1}; }
///     };
struct TimeInterval {
  double low = 0;   ///< the cleanest time
  double high = 1;  ///< the noisiest time

  /// Whether a time is inside. 1e-9 beyond an end still counts as inside, because times are computed with rounding.
  bool contains(double t) const { return is_finite(t) && t >= low - 1e-9 && t <= high + 1e-9; }
};

/// Throws the error for a time outside of an interval: it says what times are, and what converts other numbers to times.
/// \throws std::invalid_argument always: "azula::<where>: times must be in [0, 1]; …, got 999".
[[noreturn]] inline void refuse_time(const TimeInterval& interval, bool training_steps, const char* where, double t) {
  reject(where,
         join({"times must be in [", show(interval.low), ", ", show(interval.high), "]; ",
               training_steps ? "training steps go through training_times()" : "training steps need a DiscreteSchedule",
               ", noise levels sigma/alpha go through sigma_times()"}),
         show(t));
}

/// Checks that a schedule is defined at a time. A schedule without time_interval() is defined at all times.
/// \param where  the class or function that was given the time, for the error message
/// \throws std::invalid_argument if it is not.
template <class S>
void require_time(const S& schedule, const char* where, double t) {
  if constexpr (requires { schedule.time_interval(); }) {
    const TimeInterval interval = schedule.time_interval();
    if (!interval.contains(t)) refuse_time(interval, requires { schedule.time_of(0.0); }, where, t);
  }
}

}  // namespace azula
