#pragma once
/// \file
/// Reads configurations of diffusers' EDMEulerScheduler and EDMDPMSolverMultistepScheduler, for networks with α = 1
/// and, by default, σ from 0.002 to 80.

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/dpm_solver.hpp"
#include "azula/interop/diffusers/euler.hpp"

namespace azula::diffusers {

/// The noise range of a configuration, as a schedule. Evenly spaced times of this schedule are Karras' noise levels.
inline EDMSchedule edm_schedule(const SchedulerConfig& config) {
  const EDMSchedule schedule{.sigma_min = config.number("sigma_min", 0.002, 1e-9, 1e6),
                             .sigma_max = config.number("sigma_max", 80, 1e-9, 1e6),
                             .rho = config.number("rho", 7, 0.1, 1000)};
  if (!(schedule.sigma_max > schedule.sigma_min))
    config.refuse("sigma_max must be greater than sigma_min", show(schedule.sigma_max));
  return schedule;
}

/// The noise levels of a run, without the last one.
inline std::vector<double> edm_sigmas(const SchedulerConfig& config, const SchedulerOptions& options,
                                      const EDMSchedule& schedule) {
  if (!options.sigmas.empty()) return options.sigmas;
  const std::ptrdiff_t n = count_of(options);
  if (config.word("sigma_schedule", {"karras", "exponential"}) == "karras") {
    return karras_sigmas({schedule.sigma_max, schedule.sigma_min}, n, schedule.rho);
  }
  // In diffusers, a single level is the smallest one.
  if (n == 1 && options.compat) return {schedule.sigma_min};
  return exponential_sigmas({schedule.sigma_max, schedule.sigma_min}, n);
}

/// Makes all of a Setup except the method.
inline Setup edm_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, true);
  config.ignore({"num_train_timesteps"});
  const EDMSchedule edm = edm_schedule(config);
  const ModelSchedule schedule{edm};
  std::vector<double> sigmas = edm_sigmas(config, options, edm), told, times;
  for (const double sigma : sigmas) told.push_back(std::log(sigma) / 4);
  const std::string last = config.word("final_sigmas_type", {"zero", "sigma_min"});
  sigmas.push_back(last == "zero" ? 0 : edm.sigma_min);
  for (const double sigma : sigmas) times.push_back(time_of_ratio(schedule, sigma));
  mend_empty_step(times, options.compat);
  const double data = config.number("sigma_data", 0.5, 1e-6, 1e6);
  const std::string kind = config.word("prediction_type", {"epsilon", "v_prediction"});
  Prediction prediction = EDMPrediction{.sigma_data = data};
  if (kind == "v_prediction") {
    prediction = [=](const Scales& scales) {
      Preconditioning by = EDMPrediction{.sigma_data = data}(scales);
      by.out = -by.out;
      return by;
    };
  }
  return {.scheduler = config.scheduler(),
          .model = {schedule, prediction, {times, told, &quarter_log}},
          .times = times,
          .method = Euler{},
          .initial_scale = std::hypot(edm.sigma_max, 1.0)};
}

/// Reads a configuration of EDMEulerScheduler.
inline Setup edm_euler(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = edm_setup(config, options);
  setup.method = churned_euler(options, setup.model.prediction, true);
  return setup;
}

/// Reads a configuration of EDMDPMSolverMultistepScheduler.
inline Setup edm_dpm_solver_multistep(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = edm_setup(config, options);
  read_threshold(config, setup.model);
  setup.method = dpm_method(config, options);
  return setup;
}

}  // namespace azula::diffusers
