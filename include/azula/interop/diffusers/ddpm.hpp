#pragma once
/// \file

#include <string>

#include "azula/interop/diffusers/vp_setup.hpp"

namespace azula::diffusers {

/// Reads a configuration of DDPMScheduler.
inline Setup ddpm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  const std::string variance = config.word("variance_type", {"fixed_small", "fixed_small_log", "fixed_large",
                                                             "fixed_large_log", "learned", "learned_range"});
  Setup setup = vp_setup(config, options, whole_steps(config, options, "leading"), GridEnd::clean);
  if (variance == "fixed_small" || variance == "fixed_small_log") {
    setup.method = DDPM{};
  } else if (variance == "fixed_large") {
    setup.method = DDPM{.variance = DDPMVariance::fixed_large};
  } else {
    config.refuse(
        "variance_type must be fixed_small or fixed_large: the deviation of a stage's noise is one number, "
        "and not the network's",
        variance);
  }
  read_clip(config, setup.model, true);
  read_threshold(config, setup.model);
  return setup;
}

}  // namespace azula::diffusers
