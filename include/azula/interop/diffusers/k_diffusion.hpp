#pragma once
/// \file
/// HeunDiscrete, LMSDiscrete, KDPM2Discrete, KDPM2AncestralDiscrete.

#include <string>

#include "azula/interop/diffusers/exploding_setup.hpp"
#include "azula/interop/diffusers/of_order.hpp"

namespace azula::diffusers {

inline Setup heun(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  read_clip(config, setup.model, false);
  setup.method = Heun{};
  return setup;
}

inline Setup lms(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  if (options.order < 1 || options.order > 4)
    config.refuse("the order of LMS must be from 1 to 4", std::to_string(options.order));
  setup.method =
      of_order<4>(options.order, []<int N>() -> AnyMethod { return zAB<N>{.extrapolate_final = true}; });
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
