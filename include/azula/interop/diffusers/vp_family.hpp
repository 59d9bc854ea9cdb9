#pragma once
/// \file
/// Schedulers that hold variance preserving states at whole training steps: DDIM, DDPM, DDIMInverse, PNDM, LCM, TCD.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/strided.hpp"
#include "azula/interop/diffusers/training.hpp"
#include "azula/method/pndm.hpp"
#include "azula/method/renoise.hpp"
#include "azula/method/tcd.hpp"
#include "azula/time/training_times.hpp"

namespace azula::diffusers {

/// The training steps of a run, by `timestep_spacing`; `preset` is the class's default.
inline std::vector<double> whole_steps(const SchedulerConfig& config, const SchedulerOptions& options, std::string_view preset) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.text("timestep_spacing", preset);
  if (n > training) config.refuse(join({"steps must be at most num_train_timesteps, ", std::to_string(training)}), std::to_string(n));
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
inline std::vector<double> times_at(const SchedulerConfig& config, const SchedulerOptions& options, const DiscreteSchedule& schedule,
                                    const std::vector<double>& steps, GridEnd end) {
  std::vector<double> times;
  for (const double step : steps) {
    if (!(step >= 0 && step < static_cast<double>(schedule.steps()))) {
      config.refuse(join({"training steps must be in [0, ", std::to_string(schedule.steps() - 1), "]"}), show(step));
    }
    times.push_back(schedule.time_of(step));
  }
  times.push_back(schedule.time_of(end == GridEnd::clean ? -1 : 0));
  mend_empty_step(times, options.compat);
  return times;
}

/// Everything but the method.
inline Setup vp_setup(const SchedulerConfig& config, const SchedulerOptions& options, const std::vector<double>& steps, GridEnd end) {
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

/// The stages of a setup's own run, for what depends on them.
inline std::vector<Stage> stages_of(const Setup& setup) {
  const TimeGrid grid(setup.model.schedule, setup.times);
  std::vector<Stage> stages;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) setup.method.append(stages, grid, i);
  return stages;
}

inline Setup ddim(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  Setup setup = vp_setup(config, options, whole_steps(config, options, "leading"), final_step(config));
  const double eta = options.eta.value_or(0);
  setup.method = strided(config, options, DDIM{.eta = eta * eta});
  read_clip(config, setup.model, true);
  read_threshold(config, setup.model);
  if (!options.use_clipped_model_output) setup.model.kept_noise.emplace(setup.model.schedule, stages_of(setup));
  return setup;
}

/// From data to noise. The network is told where a step leads to.
inline Setup ddim_inverse(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  if (config.flag("set_alpha_to_one", true)) {
    config.refuse("set_alpha_to_one must be false: data without noise does not tell the noise of the first step", "true");
  }
  std::vector<double> steps = whole_steps(config, options, "leading");
  std::reverse(steps.begin(), steps.end());
  const DiscreteSchedule schedule = discrete_of(config, LastSignal::none);
  std::vector<double> times{schedule.time_of(0)};
  for (const double step : steps) times.push_back(schedule.time_of(step));
  if (steps.front() == 0) times.erase(times.begin());
  Model model{{schedule}, prediction_of(config), {times, steps, step_by_noise(table_of(schedule))}};
  Setup setup{.scheduler = config.scheduler(), .model = std::move(model), .times = times, .method = Euler{}};
  read_clip(config, setup.model, true);
  setup.model.kept_noise.emplace(setup.model.schedule, stages_of(setup));
  return setup;
}

inline Setup ddpm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  const std::string variance = config.word("variance_type", {"fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log", "learned", "learned_range"});
  Setup setup = vp_setup(config, options, whole_steps(config, options, "leading"), GridEnd::clean);
  if (variance == "fixed_small" || variance == "fixed_small_log") {
    setup.method = DDPM{};
  } else if (variance == "fixed_large") {
    setup.method = DDPM{.variance = DDPMVariance::fixed_large};
  } else {
    config.refuse("variance_type must be fixed_small or fixed_large: the deviation of a stage's noise is one number, and not the network's",
                  variance);
  }
  read_clip(config, setup.model, true);
  read_threshold(config, setup.model);
  return setup;
}

/// PNDM with the middles where the reference has them, half of ⌊T/N⌋ rounded down from either end.
struct WholeStepPNDM {
  static constexpr int history = PNDM::history;

  double stride, half;  ///< ⌊T/N⌋ and half of it, rounded down, in the schedule's time

  std::string name() const { return "PNDM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (i >= 3) return FixedAB<4>{.extrapolate_final = true}.append(stages, grid, i);
    pseudo_runge_kutta_step(stages, grid[i], grid.at(grid[i].t - half), grid.at(grid[i].t - stride + half), grid[i + 1]);
  }
};

inline Setup pndm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  const bool begins_with_heun = config.flag("skip_prk_steps", false);
  const std::ptrdiff_t n = count_of(options), training = training_steps(config);
  if (!begins_with_heun && n < 4) {
    config.refuse("skip_prk_steps must be true for less than 4 steps: the start by Runge-Kutta takes three of them, steps", std::to_string(n));
  }
  if (options.compat && config.text("prediction_type", "epsilon") != "epsilon") {
    config.refuse("prediction_type must be epsilon with compat: the reference adds up outputs before it makes noise of them",
                  config.text("prediction_type", ""));
  }
  const GridEnd end = config.flag("set_alpha_to_one", false) ? GridEnd::clean : GridEnd::first_step;
  Setup setup = vp_setup(config, options, whole_steps(config, options, "leading"), end);
  setup.method = PNDM{begins_with_heun ? PNDMStart::heun : PNDMStart::runge_kutta};
  if (options.compat && !begins_with_heun) {
    const auto all = static_cast<double>(training), stride = static_cast<double>(training / n);
    setup.method = WholeStepPNDM{stride / all, std::floor(stride / 2) / all};
  }
  setup.method = strided(config, options, setup.method);
  return setup;
}

/// The training steps of models distilled to few of them: of every ⌊T/K⌋-th, N, from the noisy end.
inline std::vector<double> distilled_steps(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const std::ptrdiff_t kept = config.whole("original_inference_steps", 50, 1, training);
  if (!options.timesteps.empty()) return options.timesteps;
  if (n > kept) config.refuse(join({"steps must be at most original_inference_steps, ", std::to_string(kept)}), std::to_string(n));
  std::vector<double> steps;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto index = static_cast<std::ptrdiff_t>(static_cast<double>(i) * (static_cast<double>(kept) / static_cast<double>(n)));
    steps.push_back(static_cast<double>((kept - index) * (training / kept) - 1));
  }
  return steps;
}

inline Setup lcm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.ignore({"timestep_spacing", "steps_offset", "set_alpha_to_one"});
  Setup setup = vp_setup(config, options, distilled_steps(config, options), GridEnd::clean);
  setup.method = Renoise{};
  const double scaling = config.number("timestep_scaling", 10, 1e-3, 1e6), data = 0.5;
  setup.model.boundary = [=](double step) {
    const double scaled = scaling * step;
    return Preconditioning{data * data / (scaled * scaled + data * data), scaled / std::hypot(scaled, data), 1};
  };
  read_clip(config, setup.model, false);
  read_threshold(config, setup.model);
  return setup;
}

inline Setup tcd(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.ignore({"timestep_spacing", "steps_offset", "timestep_scaling", "set_alpha_to_one"});
  Setup setup = vp_setup(config, options, distilled_steps(config, options), GridEnd::first_step);
  setup.method = TCD{.gamma = options.eta.value_or(0.3)};
  read_clip(config, setup.model, false);
  read_threshold(config, setup.model);
  setup.model.kept_noise.emplace(setup.model.schedule, stages_of(setup));
  return setup;
}

}  // namespace azula::diffusers
