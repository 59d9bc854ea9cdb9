#pragma once
/// \file
/// Schedulers that hold variance preserving states at noise levels: DPMSolverMultistep, DPMSolverSinglestep, UniPCMultistep,
/// DEISMultistep, SASolver; and EDMDPMSolverMultistep's methods.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/karras_family.hpp"
#include "azula/interop/diffusers/reference_methods.hpp"
#include "azula/interop/diffusers/training.hpp"

namespace azula::diffusers {

/// Training steps by `timestep_spacing`; one more node is spaced than there are steps, and the clean one left out.
inline std::vector<double> inner_steps(const SchedulerConfig& config, const SchedulerOptions& options, const SigmaTable& table) {
  const std::ptrdiff_t training = table.steps(), n = count_of(options);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  const double least = config.number("lambda_min_clipped", -1e300);  // of log α/σ
  if (n >= training) config.refuse(join({"steps must be less than num_train_timesteps, ", std::to_string(training)}), std::to_string(n));
  if (!options.timesteps.empty()) return options.timesteps;
  std::ptrdiff_t last = training;
  while (last > 1 && -std::log(table.at(static_cast<double>(last - 1))) < least) --last;
  if (spacing == "leading") return leading_steps(last, n, n + 1, offset);
  if (spacing == "trailing") return trailing_steps(training, static_cast<double>(last), n);
  std::vector<double> steps = linspace_steps(0, static_cast<double>(last - 1), n + 1, true);
  steps.pop_back();
  return steps;
}

/// Karras' and other levels over the whole of the training, where a key says so.
struct RespacedLevels {
  std::vector<double> sigmas;
  bool rounded = true;  ///< the told steps are rounded; else cut to whole ones
};

inline RespacedLevels respaced_whole(const SchedulerConfig& config, const SigmaTable& table, std::ptrdiff_t n) {
  const bool lu = config.flag("use_lu_lambdas", false), karras = config.flag("use_karras_sigmas", false);
  const bool squared_cosine = config.text("beta_schedule", "linear") == "squaredcos_cap_v2";
  if (lu) return {exponential_sigmas(table.last(), table.first(), n), !squared_cosine};
  return {respaced(config, table.last(), table.first(), n), karras && !squared_cosine};
}

/// The levels of a flow: from shifted fractions of 1, of which the first or the last is left out.
inline Levels flow_levels(const SchedulerConfig& config, const SchedulerOptions& options, bool from_one) {
  const std::ptrdiff_t n = count_of(options);
  const auto training = static_cast<double>(training_steps(config));
  const double shift = config.number("flow_shift", 1, 1e-3, 1e4);
  Levels levels;
  std::vector<double> fractions = even(1, 1 / training, n + 1);
  if (!from_one) {
    std::reverse(fractions.begin(), fractions.end());
    for (double& fraction : fractions) fraction = 1 - fraction;
  }
  fractions.pop_back();
  for (const double fraction : options.sigmas.empty() ? fractions : options.sigmas) {
    double sigma = shift * fraction / (1 + (shift - 1) * fraction);
    if (sigma > 1 - 1e-6) sigma = 1 - 1e-6;  // log α/σ is finite
    levels.sigmas.push_back(sigma);
    levels.told.push_back(std::floor(sigma * training));
  }
  return levels;
}

/// Where the last step of a class leads to.
enum class LastLevel {
  by_key,        ///< as `final_sigmas_type` says, zero by default
  key_or_again,  ///< the same, but of levels that were respaced the last one again in place of the least
  least,         ///< never zero
};

/// Everything but the method.
inline Setup dpm_setup(const SchedulerConfig& config, const SchedulerOptions& options, LastLevel end, bool flow_from_one) {
  const bool flow = config.flag("use_flow_sigmas", false);
  config.ignore({"flow_shift", "variance_type", "use_dynamic_shifting", "time_shift_type"});
  config.only("use_dynamic_shifting", false, "the shift of this class is flow_shift");
  const DiscreteSchedule discrete = discrete_of(config);
  const SigmaTable table = table_of(discrete);
  const ModelSchedule schedule = flow ? ModelSchedule{RectifiedSchedule{0, 0}} : ModelSchedule{discrete};
  const auto training = static_cast<double>(table.steps());
  Levels levels;
  std::vector<double> times;
  bool respaced_levels = false;
  if (flow) {
    levels = flow_levels(config, options, flow_from_one);
    times = levels.sigmas;
  } else {
    levels.told = inner_steps(config, options, table);
    for (const double step : levels.told) times.push_back(discrete.time_of(step));
    const RespacedLevels others = options.sigmas.empty() ? respaced_whole(config, table, count_of(options)) : RespacedLevels{options.sigmas};
    respaced_levels = !others.sigmas.empty();
    if (respaced_levels) {
      times.clear();
      levels.told.clear();
      for (const double sigma : others.sigmas) {
        times.push_back(time_of_ratio(schedule, sigma));
        const double step = table.step_of(sigma);
        levels.told.push_back(others.rounded ? to_whole(step) : std::floor(step + 1e-9));
      }
    }
  }
  const double last = end == LastLevel::least ? table.first() : final_sigma(config, table, "zero");
  // Where theirs do not end at 0, a flow and a single respaced level have the last node twice.
  const bool again = flow || (options.compat && end != LastLevel::by_key && respaced_levels && times.size() == 1);
  times.push_back(last == 0 ? 0 : again ? times.back() : discrete.time_of(0));
  mend_empty_step(times, options.compat);
  ModelTime::Between between = step_by_noise(table);
  if (flow) between = [=](const Scales& scales) { return training * scales.sigma / (scales.alpha + scales.sigma); };
  Setup setup{.scheduler = config.scheduler(),
              .model = {schedule, prediction_of(config), {times, levels.told, std::move(between)}},
              .times = times,
              .method = Euler{}};
  read_threshold(config, setup.model);
  return setup;
}

/// Whether the order is lowered in the last steps: the reference does so below 15 steps only.
inline bool lowered(const SchedulerConfig& config, const SchedulerOptions& options) {
  return config.flag("lower_order_final", true) && count_of(options) < 15;
}

/// The method of DPMSolverMultistep and its kin.
inline AnyMethod dpm_method(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::string algorithm = config.word("algorithm_type", {"dpmsolver++", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver", "deis"});
  const std::string kind = config.word("solver_type", {"midpoint", "heun", "logrho", "bh1", "bh2"});
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3);
  const bool lower = lowered(config, options), euler_at_final = config.flag("euler_at_final", false);
  const DPMForm form{.midpoint = kind != "heun", .lower_order_final = lower, .compat = options.compat};
  const AnyMethod method = form.method(algorithm == "deis" ? "dpmsolver++" : algorithm, order);
  if (euler_at_final) return WithLastStep{method, form.method(algorithm == "deis" ? "dpmsolver++" : algorithm, 1)};
  return method;
}

inline Setup dpm_solver_multistep(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  Setup setup = dpm_setup(config, options, LastLevel::by_key, false);
  setup.method = dpm_method(config, options);
  return setup;
}

/// A method of the order that a configuration names: make.operator()<N>() for N = order.
template <int Most, class Make, int N = 1>
AnyMethod of_order(std::ptrdiff_t order, const Make& make) {
  if constexpr (N < Most) {
    if (order > N) return of_order<Most, Make, N + 1>(order, make);
  }
  return make.template operator()<N>();
}

inline Setup dpm_solver_singlestep(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  config.ignore({"lambda_min_clipped"});
  const bool noise = config.word("algorithm_type", {"dpmsolver++", "dpmsolver", "deis"}) == "dpmsolver";
  const bool heun = config.word("solver_type", {"midpoint", "heun", "logrho", "bh1", "bh2"}) == "heun";
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3), n = count_of(options);
  const bool ends_clean = config.text("final_sigmas_type", "zero") == "zero";
  const bool lower = config.flag("lower_order_final", false) || ends_clean || n % order != 0;
  Setup setup = dpm_setup(config, options, LastLevel::by_key, false);
  setup.method = of_order<3>(order, [&]<int N>() -> AnyMethod {
    const SinglestepWeights weights = heun ? SinglestepWeights::exact : SinglestepWeights::midpoint;
    if (noise) return DPMSolverSinglestep<N, ExponentialNoiseForm>{weights, lower};
    return DPMSolverSinglestep<N>{weights, lower};
  });
  return setup;
}

inline Setup deis(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  config.word("algorithm_type", {"deis", "dpmsolver", "dpmsolver++"});
  config.word("solver_type", {"logrho", "midpoint", "heun", "bh1", "bh2"});
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 3);
  const bool lower = lowered(config, options);
  Setup setup = dpm_setup(config, options, LastLevel::least, false);
  setup.method = of_order<3>(order, [&]<int N>() -> AnyMethod { return zEAB<N>{.lower_order_final = lower}; });
  return setup;
}

inline Setup uni_pc(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, true);
  const std::ptrdiff_t order = config.whole("solver_order", 2, 1, 4);
  const bool data = config.flag("predict_x0", true), lower = config.flag("lower_order_final", true);
  const std::string kind = config.word("solver_type", {"bh2", "bh1", "midpoint", "heun", "logrho"});
  if (config.has("solver_p")) config.refuse("solver_p must be null: a corrector alone cannot be put on another solver", "a solver");
  std::vector<std::ptrdiff_t> uncorrected;
  for (const double step : config.numbers("disable_corrector")) uncorrected.push_back(static_cast<std::ptrdiff_t>(step));
  Setup setup = dpm_setup(config, options, LastLevel::key_or_again, true);
  setup.method = of_order<4>(order, [&]<int N>() -> AnyMethod {
    const UniPCVariant variant = kind == "bh1" ? UniPCVariant::B1 : UniPCVariant::B2;
    if (data) return UniPC<N>{variant, lower, uncorrected};
    return UniPC<N, ExponentialNoiseForm>{variant, lower, uncorrected};
  });
  return setup;
}

inline Setup sa_solver(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, true, false);
  const std::ptrdiff_t predictor = config.whole("predictor_order", 2, 1, 4), corrector = config.whole("corrector_order", 2, 2, 4);
  if (config.word("algorithm_type", {"data_prediction", "noise_prediction"}) != "data_prediction") {
    config.refuse("algorithm_type must be data_prediction: the noise form has no SDE of the same law here", "noise_prediction");
  }
  if (config.has("tau_func")) config.refuse("tau_func must be null: a function cannot be in a file", "one");
  const bool lower = config.flag("lower_order_final", true);
  Setup setup = dpm_setup(config, options, LastLevel::least, false);
  // Noise from training step 200 to 800. Between the steps on either side, so that no rounding decides.
  const SigmaTable table = table_of(discrete_of(config));
  const double low = table.at(199.5), high = table.at(800.5);
  setup.method = of_order<4>(predictor, [&]<int N>() -> AnyMethod {
    return of_order<3>(corrector - 1, [&]<int C>() -> AnyMethod {
      return SASolver<N, C + 1>{.rho_min = low, .rho_max = high, .lower_order_final = lower, .compat = options.compat};
    });
  });
  return setup;
}

}  // namespace azula::diffusers
