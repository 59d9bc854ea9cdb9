#pragma once
/// \file
/// What most configurations share: how the model was trained, and what its network predicts.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "azula/denoise/prediction.hpp"
#include "azula/interop/diffusers/scheduler_config.hpp"
#include "azula/interop/diffusers/setup.hpp"
#include "azula/interop/diffusers/sigmas.hpp"

namespace azula::diffusers {

using Prediction = std::function<Preconditioning(const Scales&)>;

inline std::ptrdiff_t training_steps(const SchedulerConfig& config) {
  return config.whole("num_train_timesteps", 1000, 2, 20'000);
}

/// The betas by their key.
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

/// \throws std::invalid_argument that names the key, also where so little signal is left at the end that a
/// mean of noise prediction, x_t/α, would overflow a float.
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

/// How the last step of a schedule rescaled to zero terminal signal is held.
enum class LastSignal {
  none,   ///< α = 0
  least,  ///< ᾱ = 2^-24, so that σ/α is finite
};

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

inline SigmaTable table_of(const DiscreteSchedule& schedule) {
  std::vector<double> sigmas;
  for (std::ptrdiff_t k = 0; k < schedule.steps(); ++k) {
    const Scales scales = schedule(schedule.time_of(static_cast<double>(k)));
    sigmas.push_back(scales.sigma / scales.alpha);
  }
  return SigmaTable(sigmas);
}

/// \param input  `preserving` where the state is not the one that the network sees
inline Prediction prediction_of(const SchedulerConfig& config, InputForm input = InputForm::as_is) {
  const std::string kind =
      config.word("prediction_type", {"epsilon", "sample", "v_prediction", "flow_prediction"});
  if (kind == "epsilon") return NoisePrediction{input};
  if (kind == "sample") return DataPrediction{input};
  if (kind == "v_prediction") return VelocityPrediction{input};
  return FlowPrediction{.input = input};
}

/// The training step that belongs to a noise level, for times that are no node.
inline ModelTime::Between step_by_noise(SigmaTable table) {
  return
      [table = std::move(table)](const Scales& scales) { return table.step_of(scales.sigma / scales.alpha); };
}

/// The time of a schedule at which σ/α has this value; of 0 the clean end.
inline double time_of_ratio(const ModelSchedule& schedule, double ratio) {
  return ratio == 0 ? schedule.clean_time() : schedule.time_of_log_snr(-std::log(ratio));
}

/// The reference makes a step of length 0 where the last node is the one before it. That node is dropped
/// here; with `compat` the step stays, as its evaluation corrects a state and it counts where orders are
/// lowered.
inline void mend_empty_step(std::vector<double>& times, bool compat) {
  if (times.size() < 2 || std::fabs(times.back() - times[times.size() - 2]) > 1e-12) return;
  if (compat) {
    times.back() = times[times.size() - 2] - 1e-12;
  } else if (times.size() > 2) {
    times.pop_back();
  }
}

/// How many steps a run has: N, or as many as the model's own list.
inline std::ptrdiff_t count_of(const SchedulerOptions& options) {
  require_count(options.steps, 1, "read_scheduler", "steps");
  if (!options.timesteps.empty()) return static_cast<std::ptrdiff_t>(options.timesteps.size());
  if (!options.sigmas.empty()) return static_cast<std::ptrdiff_t>(options.sigmas.size());
  return options.steps;
}

/// \throws std::invalid_argument if there are more steps than the training or the class has.
inline void require_steps(const SchedulerConfig& config, std::ptrdiff_t steps, std::ptrdiff_t most) {
  if (steps > most)
    config.refuse(join({"steps must be at most ", std::to_string(most), " here"}), std::to_string(steps));
}

/// What EDM's networks are told: log σ/4.
inline double quarter_log(const Scales& scales) {
  return std::log(scales.sigma / scales.alpha) / 4;
}

/// \throws std::invalid_argument if the pipeline asks for what this class of scheduler does not have.
inline void refuse_lists(const SchedulerConfig& config, const SchedulerOptions& options, bool timesteps,
                         bool sigmas) {
  if (!timesteps && !options.timesteps.empty()) {
    config.refuse("this class takes no list of timesteps, number", std::to_string(options.timesteps.size()));
  }
  if (!sigmas && !options.sigmas.empty()) {
    config.refuse("this class takes no list of sigmas, number", std::to_string(options.sigmas.size()));
  }
}

/// Dynamic thresholding or clipping of the mean, for the classes that have it.
inline void read_threshold(const SchedulerConfig& config, Model& model) {
  config.ignore({"dynamic_thresholding_ratio", "sample_max_value"});
  if (!config.flag("thresholding", false)) return;
  model.threshold = ThresholdOptions{.quantile = config.number("dynamic_thresholding_ratio", 0.995, 0, 1),
                                     .largest = config.number("sample_max_value", 1, 1, 1e6)};
}
inline void read_clip(const SchedulerConfig& config, Model& model, bool preset) {
  const double range = config.number("clip_sample_range", 1, 1e-6, 1e6);
  if (config.flag("clip_sample", preset)) model.clip = range;
}

}  // namespace azula::diffusers
