#pragma once
/// \file
/// EulerDiscrete and EulerAncestralDiscrete.

#include <cmath>
#include <string>
#include <vector>

#include "azula/interop/diffusers/exploding_setup.hpp"
#include "azula/interop/diffusers/late_churn_euler.hpp"
#include "azula/method/churned.hpp"

namespace azula::diffusers {

/// Levels even in log σ, as Euler's `interpolation_type` log_linear has them: N + 1, of which the last is the
/// end.
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

/// The range of respaced levels, which Euler alone may be given.
inline SigmaRange range_of(const SchedulerConfig& config, const SigmaRange& preset) {
  const SigmaRange range{config.number("sigma_max", preset.largest, 1e-9, 1e6),
                         config.number("sigma_min", preset.smallest, 1e-9, 1e6)};
  if (range.largest < range.smallest)
    config.refuse("sigma_max must be at least sigma_min", show(range.largest));
  return range;
}

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

/// Karras' levels on any range, of which the network is told log σ/4: Euler's `timestep_type` continuous.
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

/// Euler's method with churn: before the evaluation, as its authors have it, or after as the reference.
inline AnyMethod churned_euler(const SchedulerOptions& options, const Prediction& prediction,
                               bool at_raised) {
  if (options.churn.s_churn == 0) return Euler{};
  if (options.compat) return LateChurnEuler{options.churn, prediction, at_raised};
  return Churned{Euler{}, options.churn};
}

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

inline Setup euler_ancestral(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = EulerAncestral{};
  return setup;
}

}  // namespace azula::diffusers
