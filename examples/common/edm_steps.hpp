#pragma once

#include <azula/noise/edm_schedule.hpp>

#include <cmath>
#include <cstddef>

namespace examples {

/// An EDM schedule with a thousand training steps, even in log σ, as ComfyUI sees such a model: what
/// azula::comfy_times() needs.
struct EDMSteps {
  azula::EDMSchedule schedule;

  azula::Scales operator()(double t) const { return schedule(t); }
  double clean_time() const { return schedule.clean_time(); }
  double time_of_log_snr(double lambda) const { return schedule.time_of_log_snr(lambda); }

  std::ptrdiff_t steps() const { return 1000; }
  double time_of(double step) const {
    const double share = step / static_cast<double>(steps() - 1);
    return time_of_log_snr(-(1 - share) * std::log(schedule.sigma_min) -
                           share * std::log(schedule.sigma_max));
  }
};

}  // namespace examples
