#pragma once
/// \file
/// The noise levels of a run, spaced as the keys of a configuration say, and the training steps that the network is
/// given.

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/training.hpp"

namespace azula::diffusers {

/// The noise levels of a run, and the time values that the network is given at them.
struct Levels {
  std::vector<double> sigmas;  ///< noise levels; the last one is the end of the run
  std::vector<double> told;    ///< time values for all levels but the last
};

/// The training steps of a run, spaced as the key `timestep_spacing` says; they may be fractional.
inline std::vector<double> loose_steps(const SchedulerConfig& config, const SchedulerOptions& options) {
  const std::ptrdiff_t training = training_steps(config), n = count_of(options);
  const auto last = static_cast<double>(training - 1);
  const double offset = config.number("steps_offset", 0, 0, 1000);
  const std::string spacing = config.word("timestep_spacing", {"linspace", "leading", "trailing"});
  require_steps(config, n, training);
  if (!options.timesteps.empty()) return options.timesteps;
  if (spacing == "leading") return leading_steps(training, n, n, offset);
  if (spacing == "trailing") return trailing_steps(training, last + 1, n);
  // In diffusers, a single step starts at the clean end.
  if (n == 1 && !options.compat) return {last};
  return linspace_steps(0, last, n, false);
}

/// Noise levels that a key spaces between the largest and the smallest one, to replace the levels of the training
/// steps.
/// \return n levels; none if no key asks for them
/// \throws std::invalid_argument if more than one of the keys is true.
inline std::vector<double> respaced(const SchedulerConfig& config, const SigmaRange& range,
                                    std::ptrdiff_t n) {
  const bool karras = config.flag("use_karras_sigmas", false),
             exponential = config.flag("use_exponential_sigmas", false),
             beta = config.flag("use_beta_sigmas", false);
  if (karras + exponential + beta > 1) {
    config.refuse("only one of use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas may be true",
                  "more");
  }
  if (karras) return karras_sigmas(range, n);
  if (exponential) return exponential_sigmas(range, n);
  if (beta) return beta_sigmas(range, n);
  return {};
}

/// The noise level at which a run ends, as the key `final_sigmas_type` says. `preset` is the default of the key.
inline double final_sigma(const SchedulerConfig& config, const SigmaTable& table, std::string_view preset) {
  const std::string kind = config.text("final_sigmas_type", preset);
  if (kind == "zero") return 0;
  if (kind == "sigma_min") return table.first();
  config.refuse("final_sigmas_type must be one of zero, sigma_min", kind);
}

/// The noise levels of a run and the time values that the network is given at them.
/// \param range  range of respaced levels; by default the range of the training steps of the run
inline Levels levels_of(const SchedulerConfig& config, const SchedulerOptions& options,
                        const SigmaTable& table, std::optional<SigmaRange> range = {}) {
  Levels levels;
  levels.told = loose_steps(config, options);
  for (const double step : levels.told) levels.sigmas.push_back(table.at(step));
  const std::vector<double> others = respaced(
      config, range.value_or(SigmaRange{levels.sigmas.front(), levels.sigmas.back()}), count_of(options));
  if (!others.empty()) {
    levels.sigmas = others;
    levels.told.clear();
    for (const double sigma : others) levels.told.push_back(table.step_of(sigma));
  }
  levels.sigmas.push_back(final_sigma(config, table, "zero"));
  return levels;
}

}  // namespace azula::diffusers
