#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/levels.hpp"

namespace azula::diffusers {

/// Makes all of a Setup except the method, for schedulers whose states have α = 1 (variance exploding).
inline Setup exploding_setup(const SchedulerConfig& config, const SchedulerOptions& options,
                             const DiscreteSchedule& schedule, const Levels& levels) {
  const ModelSchedule exploding{ExplodingSchedule<DiscreteSchedule>(schedule)};
  std::vector<double> times;
  for (const double sigma : levels.sigmas) times.push_back(time_of_ratio(exploding, sigma));
  mend_empty_step(times, options.compat);
  Model model{exploding,
              prediction_of(config, InputForm::preserving),
              {times, levels.told, step_by_noise(table_of(schedule))}};
  const double largest = levels.sigmas.front();
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  return {.scheduler = config.scheduler(),
          .model = std::move(model),
          .times = times,
          .method = Euler{},
          .initial_scale = spacing == "leading" ? std::hypot(largest, 1.0) : largest};
}

/// Makes all of a Setup except the method, for the schedulers taken from k-diffusion (Heun, LMS, KDPM2, Euler
/// ancestral).
inline Setup karras_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  const DiscreteSchedule schedule = discrete_of(config);
  return exploding_setup(config, options, schedule, levels_of(config, options, table_of(schedule)));
}

}  // namespace azula::diffusers
