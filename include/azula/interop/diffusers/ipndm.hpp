#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/training.hpp"
#include "azula/method/fixed_ab.hpp"

namespace azula::diffusers {

/// The iPNDM method with diffusers' first step, which ignores the first output of the network.
///
/// diffusers assumes that the first state has no signal (α = 0). The first mean then has no effect: the first step uses
/// the state alone, and the noise that it remembers is the state.
struct BlindStartIPNDM {
  static constexpr int history = FixedAB<4>::history;

  std::string name() const { return "IPNDM"; }
  void check() const {}

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    Node first = grid[0];
    first.alpha = 1e-300;  // not 0, so that log α/σ is finite and the multistep method uses this node
    FixedAB<4>{.extrapolate_final = true}.append(stages, grid.replaced(0, first), i);
    if (i > 0) return;
    stages.back().b = 0;
    stages.back().u = 1;
    stages.back().v = 0;
  }
};

/// Reads a configuration of IPNDMScheduler, for networks that predict the velocity of a cosine schedule (Dance
/// Diffusion).
inline Setup ipndm(const SchedulerConfig& config, const SchedulerOptions& options) {
  refuse_lists(config, options, false, false);
  if (!config.numbers("trained_betas").empty())
    config.refuse("trained_betas must be null: this class has its own", "a list");
  config.ignore({"num_train_timesteps"});
  const std::ptrdiff_t n = count_of(options);
  std::vector<double> times;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double share = 1 - static_cast<double>(i) / static_cast<double>(n);
    const double sigma = std::pow(std::sin(share * std::numbers::pi / 2), 2);
    times.push_back(std::atan2(sigma, std::sqrt((1 - sigma) * (1 + sigma))) / std::numbers::pi * 2);
  }
  const std::vector<double> told = times;
  times.push_back(0);
  const auto between = [](const Scales& scales) {
    return std::atan2(scales.sigma, scales.alpha) / std::numbers::pi * 2;
  };
  Setup setup{.scheduler = config.scheduler(),
              .model = {{CosineSchedule{0, 0}}, VelocityPrediction{}, {times, told, between}},
              .times = times,
              .method = FixedAB<4>{.extrapolate_final = true}};
  if (options.compat) setup.method = BlindStartIPNDM{};
  return setup;
}

}  // namespace azula::diffusers
