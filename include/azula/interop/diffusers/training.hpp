#pragma once
/// \file
/// The common part of most configurations: how the model was trained, and what its network predicts.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "azula/denoise/prediction.hpp"
#include "azula/interop/diffusers/scheduler_config.hpp"
#include "azula/interop/diffusers/setup.hpp"
#include "azula/interop/diffusers/sigmas.hpp"

namespace azula::diffusers {

using Prediction = std::function<Preconditioning(const Scales&)>;

/// The number of training steps T.
inline std::ptrdiff_t training_steps(const SchedulerConfig& config) {
  return config.whole("num_train_timesteps", 1000, 2, 20'000);
}

/// The variances β of the training steps, from the key `trained_betas` or `beta_schedule`.
inline std::vector<double> raw_betas_of(const SchedulerConfig& config) {
  const std::vector<double> trained = config.numbers("trained_betas");
  const std::ptrdiff_t steps = training_steps(config);
  const BetaOptions options{config.number("beta_start", 1e-4, 1e-12, 0.999),
                            config.number("beta_end", 0.02, 1e-12, 0.999), steps};
  const std::string kind =
      config.word("beta_schedule", {"linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid"});
  if (!trained.empty()) {
    for (const double beta : trained) {
      if (!(beta > 0 && beta < 1)) config.refuse("trained_betas must be in (0, 1)", show(beta));
    }
    if (trained.size() < 2)
      config.refuse("trained_betas must be at least two, number", std::to_string(trained.size()));
    return trained;
  }
  if (kind == "linear") return linear_betas(options);
  if (kind == "scaled_linear") return scaled_linear_betas(options);
  return kind == "sigmoid" ? sigmoid_betas(options) : squared_cosine_betas(steps);
}

/// The variances β of the training steps, checked.
/// \throws std::invalid_argument for invalid keys, and if so little signal is left at the last step that x_t/α, the
/// mean of a noise prediction, would overflow a float.
inline std::vector<double> betas_of(const SchedulerConfig& config) {
  const std::vector<double> betas = raw_betas_of(config);
  double log = 0;
  for (const double beta : betas) log += std::log1p(-beta);
  if (log < std::log(1e-60)) {
    config.refuse("the product of 1 - beta over all training steps must be at least 1e-60, its logarithm",
                  show(log));
  }
  return betas;
}

/// The signal of the last training step of a schedule that is rescaled to zero terminal signal.
enum class LastSignal {
  none,   ///< α = 0
  least,  ///< ᾱ = 2^-24, so that σ/α is finite
};

/// The noise schedule of a configuration with betas.
inline DiscreteSchedule discrete_of(const SchedulerConfig& config, LastSignal last = LastSignal::least,
                                    Interpolation interpolation = Interpolation::linear) {
  const std::vector<double> betas = betas_of(config);
  if (!config.flag("rescale_betas_zero_snr", false)) return DiscreteSchedule(betas, interpolation);
  const std::vector<double> rescaled = rescale_zero_terminal_snr(betas);
  if (last == LastSignal::none) return DiscreteSchedule(rescaled, interpolation);
  std::vector<double> products;
  for (const double log : log_alpha_bars(rescaled, "read_scheduler")) products.push_back(std::exp(log));
  products.back() = std::exp2(-24);
  return DiscreteSchedule::from_alpha_bars(products, interpolation);
}

/// The noise levels σ/α of the training steps of a schedule.
inline SigmaTable table_of(const DiscreteSchedule& schedule) {
  std::vector<double> sigmas;
  for (std::ptrdiff_t k = 0; k < schedule.steps(); ++k) {
    const Scales scales = schedule(schedule.time_of(static_cast<double>(k)));
    sigmas.push_back(scales.sigma / scales.alpha);
  }
  return SigmaTable(sigmas);
}

/// What the network predicts, from the key `prediction_type`.
/// \param input  `preserving` if states have α = 1 but the network takes variance preserving input
inline Prediction prediction_of(const SchedulerConfig& config, InputForm input = InputForm::as_is) {
  const std::string kind =
      config.word("prediction_type", {"epsilon", "sample", "v_prediction", "flow_prediction"});
  if (kind == "epsilon") return NoisePrediction{input};
  if (kind == "sample") return DataPrediction{input};
  if (kind == "v_prediction") return VelocityPrediction{input};
  return FlowPrediction{.input = input};
}

/// The training step that belongs to a noise level, for times that are not nodes of the run.
inline ModelTime::Between step_by_noise(SigmaTable table) {
  return
      [table = std::move(table)](const Scales& scales) { return table.step_of(scales.sigma / scales.alpha); };
}

/// The time of a schedule at which σ/α has this value; for 0 it is the clean end.
inline double time_of_ratio(const ModelSchedule& schedule, double ratio) {
  return ratio == 0 ? schedule.clean_time() : schedule.time_of_log_snr(-std::log(ratio));
}

/// Removes a last step of length 0, which diffusers makes if the last two nodes are equal.
///
/// With `compat` the step stays, with a length of 1e-12: its evaluation corrects a state, and it counts where orders
/// are lowered in the last steps.
inline void mend_empty_step(std::vector<double>& times, bool compat) {
  if (times.size() < 2 || std::fabs(times.back() - times[times.size() - 2]) > 1e-12) return;
  if (compat) {
    times.back() = times[times.size() - 2] - 1e-12;
  } else if (times.size() > 2) {
    times.pop_back();
  }
}

/// The number of steps of a run: SchedulerOptions::steps, or the length of the list of timesteps or sigmas.
inline std::ptrdiff_t count_of(const SchedulerOptions& options) {
  require_count(options.steps, 1, "read_scheduler", "steps");
  if (!options.timesteps.empty()) return static_cast<std::ptrdiff_t>(options.timesteps.size());
  if (!options.sigmas.empty()) return static_cast<std::ptrdiff_t>(options.sigmas.size());
  return options.steps;
}

/// Checks the number of steps. \throws std::invalid_argument if there are more than `most`.
inline void require_steps(const SchedulerConfig& config, std::ptrdiff_t steps, std::ptrdiff_t most) {
  if (steps > most)
    config.refuse(join({"steps must be at most ", std::to_string(most), " here"}), std::to_string(steps));
}

/// The time value that EDM's networks are given: log(σ)/4, for α = 1.
inline double quarter_log(const Scales& scales) {
  return std::log(scales.sigma / scales.alpha) / 4;
}

/// Checks a list of timesteps or sigmas among the options.
/// \param what  the name of the option
/// \throws std::invalid_argument if the numbers do not fall.
inline void require_falling(const SchedulerConfig& config, const std::vector<double>& list, std::string_view what) {
  for (std::size_t i = 1; i < list.size(); ++i) {
    if (list[i] < list[i - 1]) continue;
    config.refuse(join({"the option ", what, " must fall, noisy first"}), join({show(list[i]), " after ", show(list[i - 1])}));
  }
}

/// Checks that no list of timesteps or sigmas is given to a scheduler that takes none.
/// \param timesteps  whether the scheduler takes a list of timesteps
/// \param sigmas  whether the scheduler takes a list of sigmas
/// \throws std::invalid_argument if it is given one that it does not take.
inline void refuse_lists(const SchedulerConfig& config, const SchedulerOptions& options, bool timesteps,
                         bool sigmas) {
  if (!timesteps && !options.timesteps.empty()) {
    config.refuse("this class takes no list of timesteps, number", std::to_string(options.timesteps.size()));
  }
  if (!sigmas && !options.sigmas.empty()) {
    config.refuse("this class takes no list of sigmas, number", std::to_string(options.sigmas.size()));
  }
}

/// Reads dynamic thresholding of the mean, for the schedulers that have it.
inline void read_threshold(const SchedulerConfig& config, Model& model) {
  config.ignore({"dynamic_thresholding_ratio", "sample_max_value"});
  if (!config.flag("thresholding", false)) return;
  model.threshold = ThresholdOptions{.quantile = config.number("dynamic_thresholding_ratio", 0.995, 0, 1),
                                     .largest = config.number("sample_max_value", 1, 1, 1e6)};
}
/// Reads clipping of the mean, for the schedulers that have it. `preset` is the default of the key `clip_sample`.
inline void read_clip(const SchedulerConfig& config, Model& model, bool preset) {
  const double range = config.number("clip_sample_range", 1, 1e-6, 1e6);
  if (config.flag("clip_sample", preset)) model.clip = range;
}

}  // namespace azula::diffusers
