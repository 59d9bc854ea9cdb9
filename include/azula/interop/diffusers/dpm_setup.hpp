#pragma once
/// \file
/// The common part of the schedulers that keep variance preserving states and choose their nodes by noise level:
/// DPM-Solver, DEIS, UniPC and SA-Solver.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/levels.hpp"

namespace azula::diffusers {

/// The training steps of the nodes, spaced as the key `timestep_spacing` says.
///
/// "leading" and "linspace" space one node more than there are steps, and leave out the clean one.
inline std::vector<double> inner_steps(const SchedulerConfig& config, const SchedulerOptions& options,
                                       const SigmaTable& table) {
  const std::ptrdiff_t training = table.steps(), n = count_of(options);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  const double least = config.number("lambda_min_clipped", -1e300);  // lower bound of log α/σ
  require_steps(config, n, training - 1);
  if (!options.timesteps.empty()) return options.timesteps;
  std::ptrdiff_t last = training;
  while (last > 1 && -std::log(table.at(static_cast<double>(last - 1))) < least) --last;
  if (spacing == "leading") return leading_steps(last, n, n + 1, offset);
  if (spacing == "trailing") return trailing_steps(training, static_cast<double>(last), n);
  std::vector<double> steps = linspace_steps(0, static_cast<double>(last - 1), n + 1, true);
  steps.pop_back();
  return steps;
}

/// All nodes but the last one: their times, and the time values that the network is given there (`told`).
struct InnerNodes {
  std::vector<double> times, told;
  bool respaced = false;  ///< whether their noise levels are spaced anew, so that they are not those of training steps
};

/// The nodes of a variance preserving schedule.
inline InnerNodes inner_nodes(const SchedulerConfig& config, const SchedulerOptions& options,
                              const DiscreteSchedule& schedule, const SigmaTable& table) {
  const bool lu = config.flag("use_lu_lambdas", false), karras = config.flag("use_karras_sigmas", false);
  const SigmaRange whole{table.last(), table.first()};
  InnerNodes nodes{{}, inner_steps(config, options, table)};
  for (const double step : nodes.told) nodes.times.push_back(schedule.time_of(step));
  const std::ptrdiff_t n = count_of(options);
  const std::vector<double> sigmas = !options.sigmas.empty() ? options.sigmas
                                     : lu                    ? exponential_sigmas(whole, n)
                                                             : respaced(config, whole, n);
  if (sigmas.empty()) return nodes;
  nodes = {{}, {}, true};
  // The network is given whole steps. diffusers rounds them for Karras' and Lu's levels, except with the squared cosine
  // schedule, and truncates all others.
  const bool rounded = (lu || karras) && config.text("beta_schedule", "linear") != "squaredcos_cap_v2";
  for (const double sigma : sigmas) {
    const double step = table.step_of(sigma);
    nodes.times.push_back(schedule.time_of_log_snr(-std::log(sigma)));
    nodes.told.push_back(rounded ? to_whole(step) : std::floor(step + 1e-9));
  }
  return nodes;
}

/// How a scheduler spaces the σ of a flow's nodes: one node more than there are steps, of which it leaves out the last.
enum class FlowSpacing {
  below_one,  ///< from 1 - 1/T to 0
  from_one,   ///< from 1 to 1/T
};

/// The nodes of a flow: the times are σ, which are evenly spaced and then shifted.
inline InnerNodes flow_nodes(const SchedulerConfig& config, const SchedulerOptions& options,
                             FlowSpacing spacing) {
  const auto training = static_cast<double>(training_steps(config));
  double shift = config.number("flow_shift", 1, 1e-3, 1e4);
  if (config.flag("use_dynamic_shifting", false)) {
    if (!options.mu) config.refuse("use_dynamic_shifting needs mu among the options", "none");
    shift = std::exp(*options.mu);
  }
  std::vector<double> fractions = even(1, 1 / training, count_of(options) + 1);
  if (spacing == FlowSpacing::below_one) {
    std::reverse(fractions.begin(), fractions.end());
    for (double& fraction : fractions) fraction = 1 - fraction;
  }
  fractions.pop_back();
  InnerNodes nodes;
  for (const double fraction : options.sigmas.empty() ? fractions : options.sigmas) {
    const double sigma = (std::min)(shifted(fraction, shift), 1 - 1e-6);  // so that log α/σ is finite
    nodes.times.push_back(sigma);
    nodes.told.push_back(std::floor(sigma * training));
  }
  return nodes;
}

/// The noise level to which the last step of a scheduler leads.
enum class LastLevel {
  by_key,        ///< as the key `final_sigmas_type` says; zero by default
  key_or_again,  ///< the same; with `compat`, a single respaced level is repeated instead of training step 0's
  least,         ///< the level of training step 0, never zero
};

/// Makes all of a Setup except the method.
inline Setup dpm_setup(const SchedulerConfig& config, const SchedulerOptions& options, LastLevel end,
                       FlowSpacing spacing = FlowSpacing::below_one) {
  const bool flow = config.flag("use_flow_sigmas", false);
  config.ignore({"flow_shift", "variance_type", "use_dynamic_shifting", "time_shift_type"});
  const DiscreteSchedule discrete = discrete_of(config);
  const SigmaTable table = table_of(discrete);
  const auto training = static_cast<double>(table.steps());
  InnerNodes nodes =
      flow ? flow_nodes(config, options, spacing) : inner_nodes(config, options, discrete, table);
  const double last = end == LastLevel::least ? table.first() : final_sigma(config, table, "zero");
  // Where diffusers does not end at 0, it repeats the last node for a flow and for a single respaced level.
  const bool again =
      flow || (options.compat && end != LastLevel::by_key && nodes.respaced && nodes.times.size() == 1);
  nodes.times.push_back(last == 0 ? 0 : again ? nodes.times.back() : discrete.time_of(0));
  mend_empty_step(nodes.times, options.compat);
  ModelTime::Between between = step_by_noise(table);
  if (flow) {
    between = [=](const Scales& at) { return training * at.sigma / (at.alpha + at.sigma); };
  }
  const ModelSchedule schedule = flow ? ModelSchedule{RectifiedSchedule{0, 0}} : ModelSchedule{discrete};
  Model model{schedule, prediction_of(config), {nodes.times, nodes.told, std::move(between)}};
  read_threshold(config, model);
  return {
      .scheduler = config.scheduler(), .model = std::move(model), .times = nodes.times, .method = Euler{}};
}

}  // namespace azula::diffusers
