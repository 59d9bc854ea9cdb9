#pragma once
/// \file
/// Reads configurations of diffusers' DPMSolverMultistepScheduler, DPMSolverSinglestepScheduler and
/// DEISMultistepScheduler.

#include <cstddef>
#include <string>

#include "azula/interop/diffusers/dpm_form.hpp"
#include "azula/interop/diffusers/dpm_setup.hpp"
#include "azula/interop/diffusers/of_order.hpp"
#include "azula/interop/diffusers/with_last_step.hpp"

namespace azula::diffusers {

/// Whether the order is lowered in the last steps. diffusers does so only in runs of less than 15 steps.
inline bool lowered(const SchedulerConfig& config, const SchedulerOptions& options) {
  return config.flag("lower_order_final", true) && count_of(options) < 15;
}

/// The method of DPMSolverMultistepScheduler and EDMDPMSolverMultistepScheduler.
inline AnyMethod dpm_method(const SchedulerConfig& config, const SchedulerOptions& options) {
  std::string algorithm =
      config.word("algorithm_type", {"dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver", "deis"});
  if (algorithm == "deis") algorithm = "dpmsolver++";  // as diffusers does
  const std::string kind = config.word("solver_type", {"midpoint", "heun", "logrho", "bh1", "bh2"});
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3);
  const bool lower = lowered(config, options), euler_at_final = config.flag("euler_at_final", false);
  const DPMForm form{.midpoint = kind != "heun", .lower_order_final = lower, .compat = options.compat};
  const AnyMethod method = form.method(algorithm, order);
  if (euler_at_final) return WithLastStep{method, form.method(algorithm, 1)};
  return method;
}

/// Reads a configuration of DPMSolverMultistepScheduler.
inline Setup dpm_solver_multistep(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  Setup setup = dpm_setup(config, options, LastLevel::by_key);
  setup.method = dpm_method(config, options);
  return setup;
}

/// Reads a configuration of DPMSolverSinglestepScheduler.
inline Setup dpm_solver_singlestep(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  config.ignore({"lambda_min_clipped"});
  const bool noise = config.word("algorithm_type", {"dpmsolver++", "dpmsolver", "deis"}) == "dpmsolver";
  const bool heun = config.word("solver_type", {"midpoint", "heun", "logrho", "bh1", "bh2"}) == "heun";
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3), n = count_of(options);
  const bool ends_clean = config.text("final_sigmas_type", "zero") == "zero";
  const bool lower = config.flag("lower_order_final", false) || ends_clean || n % order != 0;
  Setup setup = dpm_setup(config, options, LastLevel::by_key);
  setup.method = of_order<3>(order, [&]<int N>() -> AnyMethod {
    const SinglestepWeights weights = heun ? SinglestepWeights::exact : SinglestepWeights::midpoint;
    if (noise) return DPMSolverSinglestep<N, ExponentialNoiseForm>{weights, lower};
    return DPMSolverSinglestep<N>{weights, lower};
  });
  return setup;
}

/// Reads a configuration of DEISMultistepScheduler.
inline Setup deis(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.word("algorithm_type", {"deis", "dpmsolver", "dpmsolver++"});
  config.word("solver_type", {"logrho", "midpoint", "heun", "bh1", "bh2"});
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3);
  const bool lower = lowered(config, options);
  Setup setup = dpm_setup(config, options, LastLevel::least);
  setup.method =
      of_order<3>(order, [&]<int N>() -> AnyMethod { return zEAB<N>{.lower_order_final = lower}; });
  return setup;
}

}  // namespace azula::diffusers
