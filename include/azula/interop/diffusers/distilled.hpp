#pragma once
/// \file
/// Reads configurations of diffusers' LCMScheduler and TCDScheduler, for models distilled to a few steps.

#include <cstddef>
#include <string>
#include <vector>

#include "azula/denoise/consistency_denoiser.hpp"
#include "azula/interop/diffusers/vp_setup.hpp"
#include "azula/method/renoise.hpp"
#include "azula/method/tcd.hpp"

namespace azula::diffusers {

/// The training steps at which a distilled model is evaluated, noisy first.
///
/// Such a model was distilled on K training steps, every ⌊T/K⌋-th of T, where K is `original_inference_steps`. A run of
/// N steps visits N of them, evenly spaced, beginning at the noisy end.
inline std::vector<double> distilled_steps(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const std::ptrdiff_t kept = config.whole("original_inference_steps", 50, 1, training);
  if (!options.timesteps.empty()) return options.timesteps;
  require_steps(config, n, kept);
  std::vector<double> steps;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const auto index = static_cast<std::ptrdiff_t>(static_cast<double>(i) *
                                                   (static_cast<double>(kept) / static_cast<double>(n)));
    steps.push_back(static_cast<double>((kept - index) * (training / kept) - 1));
  }
  return steps;
}

/// Reads a configuration of LCMScheduler.
inline Setup lcm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.ignore({"timestep_spacing", "steps_offset", "set_alpha_to_one"});
  Setup setup = vp_setup(config, options, distilled_steps(config, options), GridEnd::clean);
  setup.method = Renoise{};
  const ConsistencyOptions scaling{.timestep_scaling = config.number("timestep_scaling", 10, 1e-3, 1e6)};
  setup.model.boundary = [=](double step) { return consistency_scaling(scaling, step); };
  read_clip(config, setup.model, false);
  read_threshold(config, setup.model);
  return setup;
}

/// Reads a configuration of TCDScheduler.
inline Setup tcd(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.ignore({"timestep_spacing", "steps_offset", "timestep_scaling", "set_alpha_to_one"});
  Setup setup = vp_setup(config, options, distilled_steps(config, options), GridEnd::first_step);
  setup.method = TCD{.gamma = options.eta.value_or(0.3)};
  read_clip(config, setup.model, false);
  read_threshold(config, setup.model);
  setup.keeps_noise = true;
  return setup;
}

}  // namespace azula::diffusers
