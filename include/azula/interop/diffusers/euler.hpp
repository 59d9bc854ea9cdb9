#pragma once
/// \file
/// Reads configurations of diffusers' EulerDiscreteScheduler and EulerAncestralDiscreteScheduler.

#include <cmath>
#include <string>
#include <vector>

#include "azula/interop/diffusers/exploding_setup.hpp"
#include "azula/interop/diffusers/late_churn_euler.hpp"
#include "azula/method/churned.hpp"

namespace azula::diffusers {

/// Noise levels that are evenly spaced in log σ, for the `interpolation_type` log_linear of EulerDiscreteScheduler.
///
/// With `compat` there are N + 1 of them, the last of which is the end of the run. Otherwise there are N, followed by
/// the level of `final_sigmas_type`.
inline Levels log_linear_levels(const SchedulerConfig& config, const SchedulerOptions& options,
                                const SigmaTable& table) {
  const std::ptrdiff_t n = count_of(options);
  if (options.compat)
    return {exponential_sigmas({table.last(), table.first()}, n + 1), loose_steps(config, options)};
  Levels levels{exponential_sigmas({table.last(), table.first()}, n), {}};
  for (const double sigma : levels.sigmas) levels.told.push_back(table.step_of(sigma));
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  return levels;
}

/// The range of respaced levels, from the keys `sigma_max` and `sigma_min` of EulerDiscreteScheduler.
/// \param preset  the range if the keys are missing
inline SigmaRange range_of(const SchedulerConfig& config, const SigmaRange& preset) {
  const SigmaRange range{config.number("sigma_max", preset.largest, 1e-9, 1e6),
                         config.number("sigma_min", preset.smallest, 1e-9, 1e6)};
  if (range.largest < range.smallest)
    config.refuse("sigma_max must be at least sigma_min", show(range.largest));
  return range;
}

/// The noise levels of EulerDiscreteScheduler for the `interpolation_type` linear.
inline Levels euler_levels(const SchedulerConfig& config, const SchedulerOptions& options,
                           const SigmaTable& table) {
  if (options.sigmas.size() == 1)
    config.refuse("sigmas must be two at least, as the last one is the end, number", "1");
  if (!options.sigmas.empty()) {
    Levels levels{options.sigmas, {}};
    for (const double sigma : options.sigmas) levels.told.push_back(table.step_of(sigma));
    levels.told.pop_back();
    return levels;
  }
  const std::vector<double> steps = loose_steps(config, options);
  return levels_of(config, options, table,
                   range_of(config, {table.at(steps.front()), table.at(steps.back())}));
}

/// Makes all of a Setup except the method, for the `timestep_type` continuous of EulerDiscreteScheduler.
///
/// The levels are Karras' levels of any range, and the network is given log σ/4 as the time.
inline Setup continuous_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  const SigmaTable table = table_of(discrete_of(config));
  const SigmaRange range = range_of(config, {table.last(), table.first()});
  if (!config.flag("use_karras_sigmas", false))
    config.refuse("use_karras_sigmas must be true where timestep_type is continuous", "false");
  const ModelSchedule schedule{EDMSchedule{.sigma_min = range.smallest, .sigma_max = range.largest}};
  if (!options.sigmas.empty())
    config.refuse("sigmas cannot be given where timestep_type is continuous, number",
                  std::to_string(options.sigmas.size()));
  Levels levels{karras_sigmas(range, count_of(options)), {}};
  for (const double sigma : levels.sigmas) levels.told.push_back(std::log(sigma) / 4);
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  std::vector<double> times;
  for (const double sigma : levels.sigmas) times.push_back(time_of_ratio(schedule, sigma));
  const double first = levels.sigmas.front();
  const bool leading = config.text("timestep_spacing", "linspace") == "leading";
  Model model{schedule, prediction_of(config, InputForm::preserving), {times, levels.told, &quarter_log}};
  return {.scheduler = config.scheduler(),
          .model = std::move(model),
          .times = times,
          .method = Euler{},
          .initial_scale = leading ? std::hypot(first, 1.0) : first};
}

/// Euler's method with churn.
///
/// Noise is added before the evaluation, as in the paper, or with `compat` after it, as in diffusers.
inline AnyMethod churned_euler(const SchedulerOptions& options, const Prediction& prediction,
                               bool at_raised) {
  if (options.churn.s_churn == 0) return Euler{};
  if (options.compat) return LateChurnEuler{options.churn, prediction, at_raised};
  return Churned{Euler{}, options.churn};
}

/// Reads a configuration of EulerDiscreteScheduler.
inline Setup euler(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::string type = config.word("timestep_type", {"discrete", "continuous"});
  const std::string interpolation = config.word("interpolation_type", {"linear", "log_linear"});
  Setup setup = [&] {
    if (type == "continuous") return continuous_setup(config, options);
    const DiscreteSchedule schedule = discrete_of(config);
    const SigmaTable table = table_of(schedule);
    const bool linear = interpolation == "linear";
    return exploding_setup(
        config, options, schedule,
        linear ? euler_levels(config, options, table) : log_linear_levels(config, options, table));
  }();
  const bool velocity = config.text("prediction_type", "epsilon") == "v_prediction";
  setup.method = churned_euler(options, setup.model.prediction, !velocity);
  return setup;
}

/// Reads a configuration of EulerAncestralDiscreteScheduler.
inline Setup euler_ancestral(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = EulerAncestral{};
  return setup;
}

}  // namespace azula::diffusers
