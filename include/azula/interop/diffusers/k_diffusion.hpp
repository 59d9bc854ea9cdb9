#pragma once
/// \file
/// Reads configurations of diffusers' HeunDiscreteScheduler, LMSDiscreteScheduler, KDPM2DiscreteScheduler and
/// KDPM2AncestralDiscreteScheduler.

#include <string>

#include "azula/interop/diffusers/exploding_setup.hpp"
#include "azula/interop/diffusers/of_order.hpp"

namespace azula::diffusers {

/// Reads a configuration of HeunDiscreteScheduler.
inline Setup heun(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  read_clip(config, setup.model, false);
  setup.method = Heun{};
  return setup;
}

/// Reads a configuration of LMSDiscreteScheduler.
inline Setup lms(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  if (options.order < 1 || options.order > 4)
    config.refuse("the order of LMS must be from 1 to 4", std::to_string(options.order));
  setup.method =
      of_order<4>(options.order, []<int N>() -> AnyMethod { return zAB<N>{.extrapolate_final = true}; });
  return setup;
}

/// Reads a configuration of KDPM2DiscreteScheduler.
inline Setup kdpm2(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = DPM2{};
  return setup;
}

/// Reads a configuration of KDPM2AncestralDiscreteScheduler.
inline Setup kdpm2_ancestral(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  setup.method = DPM2Ancestral{};
  return setup;
}

}  // namespace azula::diffusers
