#pragma once
/// \file
/// HeunDiscrete, LMSDiscrete, KDPM2Discrete, KDPM2AncestralDiscrete.

#include <string>

#include "azula/interop/diffusers/exploding_setup.hpp"

namespace azula::diffusers {

inline Setup heun(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  read_clip(config, setup.model, false);
  setup.method = Heun{};
  return setup;
}

inline Setup lms(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = karras_setup(config, options);
  switch (options.order) {
    case 1:
      setup.method = zAB<1>{.extrapolate_final = true};
      break;
    case 2:
      setup.method = zAB<2>{.extrapolate_final = true};
      break;
    case 3:
      setup.method = zAB<3>{.extrapolate_final = true};
      break;
    case 4:
      setup.method = zAB<4>{.extrapolate_final = true};
      break;
    default:
      config.refuse("the order of LMS must be from 1 to 4", std::to_string(options.order));
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
