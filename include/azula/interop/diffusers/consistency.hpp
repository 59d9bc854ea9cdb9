#pragma once
/// \file
/// Reads configurations of diffusers' CMStochasticIterativeScheduler.

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/interop/diffusers/edm.hpp"
#include "azula/method/renoise.hpp"

namespace azula::diffusers {

/// Reads a configuration of CMStochasticIterativeScheduler, for consistency models: each step goes to the mean and adds
/// fresh noise.
inline Setup consistency(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  const EDMSchedule edm = edm_schedule(config);
  const ModelSchedule schedule{edm};
  const double data = config.number("sigma_data", 0.5, 1e-6, 1e6);
  const std::ptrdiff_t training = config.whole("num_train_timesteps", 40, 2, 20'000), n = count_of(options);
  const bool clipped = config.flag("clip_denoised", true);
  config.number("s_noise", 1, 1, 1);
  require_steps(config, n, training);
  const double noisy = std::pow(edm.sigma_max, 1 / edm.rho), clean = std::pow(edm.sigma_min, 1 / edm.rho);
  std::vector<double> times, told;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double share = static_cast<double>(i * (training / n)) / static_cast<double>(training - 1);
    const double sigma = std::pow(noisy + share * (clean - noisy), edm.rho);
    times.push_back(time_of_ratio(schedule, sigma));
    told.push_back(250 * std::log(sigma));
  }
  times.push_back(0);  // σ_min, where the model takes the state for the data
  mend_empty_step(times, options.compat);
  return {.scheduler = config.scheduler(),
          .model = {.schedule = schedule,
                    .prediction = EDMPrediction{.sigma_data = data, .sigma_min = edm.sigma_min},
                    .time = {times, told, [](const Scales& scales) { return 1000 * quarter_log(scales); }},
                    .clip = clipped ? 1.0 : 0.0},
          .times = times,
          .method = Renoise{.rho_min = edm.sigma_min},
          .initial_scale = edm.sigma_max};
}

}  // namespace azula::diffusers
