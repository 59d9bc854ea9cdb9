#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/interop/diffusers/vp_setup.hpp"
#include "azula/method/pndm.hpp"

namespace azula::diffusers {

/// PNDM with diffusers' midpoints: half of ⌊T/N⌋, rounded down, from either end of a step.
struct WholeStepPNDM {
  static constexpr int history = PNDM::history;

  double stride, half;  ///< ⌊T/N⌋ and half of it, rounded down, in the schedule's time

  std::string name() const { return "PNDM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (i >= 3) return FixedAB<4>{.extrapolate_final = true}.append(stages, grid, i);
    pseudo_runge_kutta_step(stages, grid[i], grid.at(grid[i].t - half), grid.at(grid[i].t - stride + half),
                            grid[i + 1]);
  }
};

/// Reads a configuration of PNDMScheduler.
inline Setup pndm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  const bool begins_with_heun = config.flag("skip_prk_steps", false);
  const std::ptrdiff_t n = count_of(options), training = training_steps(config);
  if (!begins_with_heun && n < 4) {
    config.refuse(
        "skip_prk_steps must be true for less than 4 steps: the start by Runge-Kutta takes three of them, "
        "steps",
        std::to_string(n));
  }
  if (options.compat && config.text("prediction_type", "epsilon") != "epsilon") {
    config.refuse(
        "prediction_type must be epsilon with compat: the reference adds up outputs before it makes noise of "
        "them",
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

}  // namespace azula::diffusers
