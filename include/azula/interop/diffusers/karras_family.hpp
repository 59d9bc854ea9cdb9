#pragma once
/// \file
/// Schedulers that hold states with α = 1, as k-diffusion does: Euler, EulerAncestral, Heun, LMS, KDPM2, KDPM2Ancestral.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/reference_methods.hpp"
#include "azula/interop/diffusers/training.hpp"
#include "azula/method/churned.hpp"

namespace azula::diffusers {

/// The noise levels of a run, the last one 0 or the least, and the steps that the network is told.
struct Levels {
  std::vector<double> sigmas;
  std::vector<double> told;
};

/// Training steps by `timestep_spacing`, fractional ones among them.
inline std::vector<double> loose_steps(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const auto last = static_cast<double>(training - 1);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  if (n > training) config.refuse(join({"steps must be at most num_train_timesteps, ", std::to_string(training)}), std::to_string(n));
  if (!options.timesteps.empty()) return options.timesteps;
  if (spacing == "leading") return leading_steps(training, n, n, offset);
  if (spacing == "trailing") return trailing_steps(training, last + 1, n);
  // A single step of theirs starts at the clean end.
  if (n == 1 && !options.compat) return {last};
  return linspace_steps(0, last, n, false);
}

/// Levels between a largest and a smallest one, in place of those of the training steps, where a key says so.
/// \return none if no key does
inline std::vector<double> respaced(const SchedulerConfig& config, double largest, double smallest, std::ptrdiff_t n) {
  const double high = config.number("sigma_max", largest, 1e-6, 1e6), low = config.number("sigma_min", smallest, 1e-9, 1e6);
  const bool karras = config.flag("use_karras_sigmas", false), exponential = config.flag("use_exponential_sigmas", false),
             beta = config.flag("use_beta_sigmas", false);
  if (karras + exponential + beta > 1) {
    config.refuse("only one of use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas may be true", "more");
  }
  if (karras) return karras_sigmas(high, low, n);
  if (exponential) return exponential_sigmas(high, low, n);
  if (beta) return beta_sigmas(high, low, n);
  return {};
}

inline double final_sigma(const SchedulerConfig& config, const SigmaTable& table, std::string_view preset) {
  const std::string kind = config.text("final_sigmas_type", preset);
  if (kind == "zero") return 0;
  if (kind == "sigma_min") return table.first();
  config.refuse("final_sigmas_type must be one of zero, sigma_min", kind);
}

inline Levels levels_of(const SchedulerConfig& config, const SchedulerOptions& options, const SigmaTable& table) {
  Levels levels;
  levels.told = loose_steps(config, options);
  for (const double step : levels.told) levels.sigmas.push_back(table.at(step));
  const std::vector<double> others =
      options.sigmas.empty() ? respaced(config, levels.sigmas.front(), levels.sigmas.back(), count_of(options)) : options.sigmas;
  if (!others.empty()) {
    levels.sigmas = others;
    levels.told.clear();
    for (const double sigma : others) levels.told.push_back(table.step_of(sigma));
  }
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  return levels;
}

/// Levels even in log σ, as Euler's `interpolation_type` log_linear has them: N + 1, of which the last is the end.
inline Levels log_linear_levels(const SchedulerConfig& config, const SchedulerOptions& options, const SigmaTable& table) {
  const std::ptrdiff_t n = count_of(options);
  if (options.compat) return {exponential_sigmas(table.last(), table.first(), n + 1), loose_steps(config, options)};
  Levels levels{exponential_sigmas(table.last(), table.first(), n), {}};
  for (const double sigma : levels.sigmas) levels.told.push_back(table.step_of(sigma));
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  return levels;
}

/// Everything but the method, with the states in the form α = 1.
inline Setup exploding_setup(const SchedulerConfig& config, const SchedulerOptions& options, const DiscreteSchedule& schedule,
                             const Levels& levels) {
  const ModelSchedule exploding{ExplodingSchedule<DiscreteSchedule>(schedule)};
  std::vector<double> times;
  for (const double sigma : levels.sigmas) times.push_back(time_of_ratio(exploding, sigma));
  mend_empty_step(times, options.compat);
  Model model{exploding, prediction_of(config, InputForm::preserving), {times, levels.told, step_by_noise(table_of(schedule))}};
  const double largest = levels.sigmas.front();
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  return {.scheduler = config.scheduler(),
          .model = std::move(model),
          .times = times,
          .method = Euler{},
          .initial_scale = spacing == "leading" ? std::hypot(largest, 1.0) : largest};
}

inline Setup karras_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  const DiscreteSchedule schedule = discrete_of(config);
  return exploding_setup(config, options, schedule, levels_of(config, options, table_of(schedule)));
}

/// Karras' levels on any range, of which the network is told log σ/4: Euler's `timestep_type` continuous.
inline Setup continuous_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  const SigmaTable table = table_of(discrete_of(config));
  const double smallest = config.number("sigma_min", table.first(), 1e-9, 1e6), largest = config.number("sigma_max", table.last(), 1e-9, 1e6);
  if (!config.flag("use_karras_sigmas", false)) config.refuse("use_karras_sigmas must be true where timestep_type is continuous", "false");
  if (!(largest > smallest)) config.refuse("sigma_max must be greater than sigma_min", show(largest));
  const ModelSchedule schedule{EDMSchedule{.sigma_min = smallest, .sigma_max = largest}};
  Levels levels{options.sigmas.empty() ? karras_sigmas(largest, smallest, count_of(options)) : options.sigmas, {}};
  for (const double sigma : levels.sigmas) levels.told.push_back(std::log(sigma) / 4);
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  std::vector<double> times;
  for (const double sigma : levels.sigmas) times.push_back(time_of_ratio(schedule, sigma));
  const double first = levels.sigmas.front();
  const bool leading = config.text("timestep_spacing", "linspace") == "leading";
  Model model{schedule, prediction_of(config, InputForm::preserving),
              {times, levels.told, [](const Scales& scales) { return std::log(scales.sigma / scales.alpha) / 4; }}};
  return {.scheduler = config.scheduler(),
          .model = std::move(model),
          .times = times,
          .method = Euler{},
          .initial_scale = leading ? std::hypot(first, 1.0) : first};
}

/// Euler's method with churn: before the evaluation, as its authors have it, or after as the reference.
inline AnyMethod churned_euler(const SchedulerOptions& options, const Prediction& prediction, bool at_raised) {
  if (options.churn.s_churn == 0) return Euler{};
  if (options.compat) return LateChurnEuler{options.churn, prediction, at_raised};
  return Churned{Euler{}, options.churn};
}

inline Setup euler(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::string type = config.word("timestep_type", {"discrete", "continuous"});
  const std::string interpolation = config.word("interpolation_type", {"linear", "log_linear"});
  Setup setup = [&] {
    if (type == "continuous") return continuous_setup(config, options);
    if (interpolation == "linear") return karras_setup(config, options);
    const DiscreteSchedule schedule = discrete_of(config);
    return exploding_setup(config, options, schedule, log_linear_levels(config, options, table_of(schedule)));
  }();
  config.ignore({"sigma_min", "sigma_max"});
  const bool velocity = config.text("prediction_type", "epsilon") == "v_prediction";
  setup.method = churned_euler(options, setup.model.prediction, !velocity);
  return setup;
}

inline Setup euler_ancestral(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = EulerAncestral{};
  return setup;
}

inline Setup heun(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  read_clip(config, setup.model, false);
  setup.method = Heun{};
  return setup;
}

inline Setup lms(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  switch (options.order) {
    case 1: setup.method = zAB<1>{.extrapolate_final = true}; break;
    case 2: setup.method = zAB<2>{.extrapolate_final = true}; break;
    case 3: setup.method = zAB<3>{.extrapolate_final = true}; break;
    case 4: setup.method = zAB<4>{.extrapolate_final = true}; break;
    default: config.refuse("the order of LMS must be from 1 to 4", std::to_string(options.order));
  }
  return setup;
}

inline Setup kdpm2(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = DPM2{};
  return setup;
}

inline Setup kdpm2_ancestral(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = DPM2Ancestral{};
  return setup;
}

}  // namespace azula::diffusers
