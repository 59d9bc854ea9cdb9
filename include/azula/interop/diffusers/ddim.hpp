#pragma once
/// \file

#include <algorithm>
#include <vector>

#include "azula/interop/diffusers/vp_setup.hpp"

namespace azula::diffusers {

/// Reads a configuration of DDIMScheduler.
inline Setup ddim(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  Setup setup = vp_setup(config, options, whole_steps(config, options, "leading"), final_step(config));
  const double eta = options.eta.value_or(0);
  setup.method = strided(config, options, DDIM{.eta = eta * eta});
  read_clip(config, setup.model, true);
  read_threshold(config, setup.model);
  setup.keeps_noise = !options.use_clipped_model_output;
  return setup;
}

/// Reads a configuration of DDIMInverseScheduler, which leads from data to noise.
///
/// As in diffusers, the network is given the training step to which a step leads, not the one from which it starts.
inline Setup ddim_inverse(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  if (config.flag("set_alpha_to_one", true)) {
    config.refuse(
        "set_alpha_to_one must be false: data without noise does not tell the noise of the first step",
        "true");
  }
  std::vector<double> steps = whole_steps(config, options, "leading");
  std::reverse(steps.begin(), steps.end());
  const DiscreteSchedule schedule = discrete_of(config, LastSignal::none);
  if (steps.front() == 0) steps.erase(steps.begin());  // which would lead from there to there
  if (steps.empty()) config.refuse("steps must be at least 2 where steps_offset is 0: the first leads nowhere", "1");
  std::vector<double> times{schedule.time_of(0)};
  for (const double step : steps) times.push_back(schedule.time_of(step));
  Model model{{schedule}, prediction_of(config), {times, steps, step_by_noise(table_of(schedule))}};
  Setup setup{.scheduler = config.scheduler(), .model = std::move(model), .times = times, .method = Euler{}};
  read_clip(config, setup.model, true);
  setup.keeps_noise = true;
  return setup;
}

}  // namespace azula::diffusers
