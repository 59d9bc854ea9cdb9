#pragma once
/// \file

#include <utility>
#include <variant>

#include "azula/noise.hpp"
#include "azula/noise/towards_clean.hpp"

namespace azula::diffusers {

/// The noise schedule of a configuration, chosen at run time among the schedules of the library.
struct ModelSchedule {
  using Kind = std::variant<DiscreteSchedule, ExplodingSchedule<DiscreteSchedule>, EDMSchedule,
                            RectifiedSchedule, CosineSchedule>;

  Kind kind;  ///< the schedule itself

  Scales operator()(double t) const {
    return std::visit([&](const auto& schedule) { return Scales(schedule(t)); }, kind);
  }
  double time_of_log_snr(double lambda) const {
    return std::visit([&](const auto& schedule) { return schedule.time_of_log_snr(lambda); }, kind);
  }
  double towards_clean(double t, double share) const {
    return std::visit([&](const auto& schedule) { return azula::towards_clean(schedule, t, share); }, kind);
  }
  void check() const {
    std::visit(
        [](const auto& schedule) {
          if constexpr (requires { schedule.check(); }) schedule.check();
        },
        kind);
  }

  /// The times at which it is defined.
  TimeInterval time_interval() const {
    return std::visit([](const auto& schedule) { return schedule.time_interval(); }, kind);
  }

  /// The time at which σ = 0.
  double clean_time() const {
    return std::visit(
        [](const auto& schedule) {
          if constexpr (requires { schedule.clean_time(); }) {
            return schedule.clean_time();
          } else {
            return 0.0;
          }
        },
        kind);
  }
};

}  // namespace azula::diffusers
