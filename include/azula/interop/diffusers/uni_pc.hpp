#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/interop/diffusers/dpm_setup.hpp"
#include "azula/interop/diffusers/of_order.hpp"

namespace azula::diffusers {

/// Reads a configuration of UniPCMultistepScheduler.
inline Setup uni_pc(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 4);
  const bool data = config.flag("predict_x0", true), lower = config.flag("lower_order_final", true);
  const std::string kind = config.word("solver_type", {"bh2", "bh1", "midpoint", "heun", "logrho"});
  if (config.has("solver_p"))
    config.refuse("solver_p must be null: a corrector alone cannot be put on another solver", "a solver");
  std::vector<std::ptrdiff_t> uncorrected;
  for (const double step : config.numbers("disable_corrector")) {
    if (!(std::fabs(step) <= 1e6)) config.refuse("disable_corrector must be a list of steps", show(step));
    uncorrected.push_back(static_cast<std::ptrdiff_t>(step));
  }
  Setup setup = dpm_setup(config, options, LastLevel::key_or_again, FlowSpacing::from_one);
  setup.method = of_order<4>(order, [&]<int N>() -> AnyMethod {
    const UniPCVariant variant = kind == "bh1" ? UniPCVariant::B1 : UniPCVariant::B2;
    if (data) return UniPC<N>{variant, lower, uncorrected};
    return UniPC<N, ExponentialNoiseForm>{variant, lower, uncorrected};
  });
  return setup;
}

}  // namespace azula::diffusers
