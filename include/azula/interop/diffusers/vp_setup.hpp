#pragma once
/// \file
/// The common part of the schedulers that keep variance preserving states and whose nodes are whole training steps:
/// DDIM, DDPM, PNDM, LCM and TCD.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/strided.hpp"
#include "azula/interop/diffusers/training.hpp"
#include "azula/time/training_times.hpp"

namespace azula::diffusers {

/// The training steps of a run, spaced as the key `timestep_spacing` says. `preset` is the default of the scheduler.
inline std::vector<double> whole_steps(const SchedulerConfig& config, const SchedulerOptions& options,
                                       std::string_view preset) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.text("timestep_spacing", preset);
  require_steps(config, n, training);
  if (!options.timesteps.empty()) return options.timesteps;
  if (spacing == "leading") return leading_steps(training, n, n, offset);
  if (spacing == "trailing") return trailing_steps(training, static_cast<double>(training), n);
  if (spacing == "linspace") return linspace_steps(0, static_cast<double>(training - 1), n, true);
  config.refuse("timestep_spacing must be one of linspace, leading, trailing", spacing);
}

/// Where the last step leads, from the key `set_alpha_to_one`: to the clean end, or to training step 0.
inline GridEnd final_step(const SchedulerConfig& config) {
  return config.flag("set_alpha_to_one", true) ? GridEnd::clean : GridEnd::first_step;
}

/// The times of training steps, followed by the end of the run.
/// \throws std::invalid_argument if a training step is out of range.
inline std::vector<double> times_at(const SchedulerConfig& config, const SchedulerOptions& options,
                                    const DiscreteSchedule& schedule, const std::vector<double>& steps,
                                    GridEnd end) {
  std::vector<double> times;
  for (const double step : steps) {
    if (!(step >= 0 && step < static_cast<double>(schedule.steps()))) {
      config.refuse(join({"training steps must be in [0, ", std::to_string(schedule.steps() - 1), "]"}),
                    show(step));
    }
    times.push_back(schedule.time_of(step));
  }
  times.push_back(schedule.time_of(end == GridEnd::clean ? -1 : 0));
  mend_empty_step(times, options.compat);
  return times;
}

/// Makes all of a Setup except the method.
inline Setup vp_setup(const SchedulerConfig& config, const SchedulerOptions& options,
                      const std::vector<double>& steps, GridEnd end) {
  const DiscreteSchedule schedule = discrete_of(config, LastSignal::none);
  const std::vector<double> times = times_at(config, options, schedule, steps, end);
  Model model{{schedule}, prediction_of(config), {times, steps, step_by_noise(table_of(schedule))}};
  return {.scheduler = config.scheduler(), .model = std::move(model), .times = times, .method = Euler{}};
}

/// Returns the method, with diffusers' step length if `compat` is set; see Strided.
inline AnyMethod strided(const SchedulerConfig& config, const SchedulerOptions& options, AnyMethod method) {
  if (!options.compat || !options.timesteps.empty()) return method;
  const std::ptrdiff_t training = training_steps(config);
  const auto all = static_cast<double>(training);
  return Strided{std::move(method), static_cast<double>(training / options.steps) / all, 1 / all};
}

}  // namespace azula::diffusers
