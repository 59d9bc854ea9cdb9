#pragma once
/// \file
/// What schedulers share that hold variance preserving states at whole training steps.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/strided.hpp"
#include "azula/interop/diffusers/training.hpp"
#include "azula/time/training_times.hpp"

namespace azula::diffusers {

/// The training steps of a run, by `timestep_spacing`; `preset` is the class's default.
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

/// Where the last step of DDIM and its kin leads: the clean end, or training step 0.
inline GridEnd final_step(const SchedulerConfig& config) {
  return config.flag("set_alpha_to_one", true) ? GridEnd::clean : GridEnd::first_step;
}

/// Times at training steps, and the end.
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

/// Everything but the method.
inline Setup vp_setup(const SchedulerConfig& config, const SchedulerOptions& options,
                      const std::vector<double>& steps, GridEnd end) {
  const DiscreteSchedule schedule = discrete_of(config, LastSignal::none);
  const std::vector<double> times = times_at(config, options, schedule, steps, end);
  Model model{{schedule}, prediction_of(config), {times, steps, step_by_noise(table_of(schedule))}};
  return {.scheduler = config.scheduler(), .model = std::move(model), .times = times, .method = Euler{}};
}

/// With `compat` the method steps as far as the reference does.
inline AnyMethod strided(const SchedulerConfig& config, const SchedulerOptions& options, AnyMethod method) {
  if (!options.compat || !options.timesteps.empty()) return method;
  const std::ptrdiff_t training = training_steps(config);
  const auto all = static_cast<double>(training);
  return Strided{std::move(method), static_cast<double>(training / options.steps) / all, 1 / all};
}

}  // namespace azula::diffusers
