#pragma once
/// \file
/// Reads configurations of diffusers' schedulers for flow models, x_t = (1 - σ) X + σ ε:
/// FlowMatchEulerDiscreteScheduler, FlowMatchHeunDiscreteScheduler and FlowMatchLCMScheduler.

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/levels.hpp"
#include "azula/method/renoise.hpp"
#include "azula/method/velocity_heun.hpp"

namespace azula::diffusers {

/// The shift of the noise levels under `use_dynamic_shifting`: e^μ, or μ itself if `time_shift_type` is linear.
///
/// μ is SchedulerOptions::mu, or follows from SchedulerOptions::tokens.
/// \throws std::invalid_argument if neither of them is given, or if the shift is not finite and positive.
inline double dynamic_shift(const SchedulerConfig& config, const SchedulerOptions& options) {
  const double low_tokens = config.number("base_image_seq_len", 256, 1, 1e9),
               high_tokens = config.number("max_image_seq_len", 4096, 1, 1e9);
  const double low = config.number("base_shift", 0.5, -100, 100),
               high = config.number("max_shift", 1.15, -100, 100);
  const bool exponential = config.word("time_shift_type", {"exponential", "linear"}) == "exponential";
  if (!options.mu && !options.tokens)
    config.refuse("use_dynamic_shifting needs mu or tokens among the options", "neither");
  if (options.tokens && high_tokens == low_tokens)
    config.refuse("max_image_seq_len must differ from base_image_seq_len", show(high_tokens));
  const ResolutionShift line{low_tokens, high_tokens, low, high};
  const double mu = options.mu ? *options.mu : line.mu(*options.tokens);
  const double shift = exponential ? std::exp(mu) : mu;
  if (!(shift > 0) || !is_finite(shift)) config.refuse("the shift must be finite and positive", show(shift));
  return shift;
}

/// The noise levels σ of all nodes but the last.
inline std::vector<double> flow_sigmas(const SchedulerConfig& config, const SchedulerOptions& options) {
  const auto training = static_cast<double>(training_steps(config));
  const std::ptrdiff_t n = count_of(options);
  const double shift = config.number("shift", 1, 1e-3, 1e4);
  const bool dynamic = config.flag("use_dynamic_shifting", false);
  const double by = dynamic ? dynamic_shift(config, options) : shift;
  std::vector<double> sigmas = options.sigmas.empty()
                                   ? even(1, dynamic ? 1 / training : shifted(1 / training, shift), n)
                                   : options.sigmas;
  for (double& sigma : sigmas) sigma = shifted(sigma, by);
  const double terminal = config.number("shift_terminal", 0, 0, 0.999);
  if (terminal > 0) {
    if (sigmas.back() == 1)
      config.refuse("shift_terminal needs two steps at least, steps", std::to_string(n));
    const double scale = (1 - sigmas.back()) / (1 - terminal);
    for (double& sigma : sigmas) sigma = 1 - (1 - sigma) / scale;
  }
  const std::vector<double> others = respaced(config, {sigmas.front(), sigmas.back()}, n);
  return others.empty() ? sigmas : others;
}

/// Makes all of a Setup except the method.
inline Setup flow_setup(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, true);
  config.ignore({"base_image_seq_len", "max_image_seq_len", "base_shift", "max_shift", "time_shift_type"});
  const auto training = static_cast<double>(training_steps(config));
  std::vector<double> times = flow_sigmas(config, options), told;
  const bool inverted = config.flag("invert_sigmas", false);  // the time of the network runs from noise to data
  for (const double sigma : times) told.push_back(training * (inverted ? 1 - sigma : sigma));
  times.push_back(0);
  const auto between = [=](const Scales& scales) {
    return training * (inverted ? scales.alpha : scales.sigma) / (scales.alpha + scales.sigma);
  };
  return {
      .scheduler = config.scheduler(),
      .model = {{RectifiedSchedule{0, 0}}, FlowPrediction{.towards_data = inverted}, {times, told, between}},
      .times = times,
      .method = Euler{}};
}

/// Reads a configuration of FlowMatchEulerDiscreteScheduler.
inline Setup flow_match_euler(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = flow_setup(config, options);
  if (config.flag("stochastic_sampling", false)) setup.method = Renoise{};
  return setup;
}

/// Reads a configuration of FlowMatchLCMScheduler.
inline Setup flow_match_lcm(const SchedulerConfig& config, const SchedulerOptions& options) {
  if (config.has("scale_factors"))
    config.refuse("scale_factors must be null: the state keeps its size", "a list");
  config.ignore({"upscale_mode"});
  Setup setup = flow_setup(config, options);
  setup.method = Renoise{};
  return setup;
}

/// Reads a configuration of FlowMatchHeunDiscreteScheduler.
inline Setup flow_match_heun(const SchedulerConfig& config, const SchedulerOptions& options) {
  Setup setup = flow_setup(config, options);
  setup.method = VelocityHeun{};
  return setup;
}

}  // namespace azula::diffusers
