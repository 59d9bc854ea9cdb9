#pragma once
/// \file

#include <cstddef>
#include <string>

#include "azula/interop/diffusers/dpm_setup.hpp"
#include "azula/interop/diffusers/of_order.hpp"

namespace azula::diffusers {

/// Reads a configuration of SASolverScheduler.
inline Setup sa_solver(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  const std::ptrdiff_t predictor = config.whole("predictor_order", 2, 1, 4),
                       corrector = config.whole("corrector_order", 2, 2, 4);
  if (config.word("algorithm_type", {"data_prediction", "noise_prediction"}) != "data_prediction") {
    config.refuse("algorithm_type must be data_prediction: the noise form has no SDE of the same law here",
                  "noise_prediction");
  }
  if (config.has("tau_func")) config.refuse("tau_func must be null: a function cannot be in a file", "one");
  const bool lower = config.flag("lower_order_final", true);
  Setup setup = dpm_setup(config, options, LastLevel::least);
  // Noise is added from training step 200 to 800. The bounds lie half a step outside, so that rounding cannot matter.
  const SigmaTable table = table_of(discrete_of(config));
  const double low = table.at(199.5), high = table.at(800.5);
  setup.method = of_order<4>(predictor, [&]<int N>() -> AnyMethod {
    return of_order<3>(corrector - 1, [&]<int C>() -> AnyMethod {
      return SASolver<N, C + 1>{
          .rho_min = low, .rho_max = high, .lower_order_final = lower, .compat = options.compat};
    });
  });
  return setup;
}

}  // namespace azula::diffusers
