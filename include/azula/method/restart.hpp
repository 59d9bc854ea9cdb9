#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/one_step.hpp"
#include "azula/time/karras_times.hpp"

namespace azula {

/// Options of Restart.
struct RestartOptions {
  double rho_min = 0.05;  ///< the noise level ρ = σ/α at which a restart happens, positive
  double rho_max = 0.3;   ///< the noise level to which it goes back up, above rho_min
  int repeats = 1;        ///< how often, K in [0, 1000]
  int steps = 3;          ///< steps of each way down, in [1, 1000]
  double s_noise = 1;     ///< factor of the noise that is added, in [0, 100]
};

/// Restart sampling: when little noise is left, adds noise and repeats the end of a run of a deterministic method M.
///
///     azula::Sampler sampler(denoiser, azula::Restart{azula::Heun{}, {.rho_min = 0.1, .rho_max = 1}});
///
/// When the noise has fallen to the node of the grid nearest to rho_min, noise is added that brings it back to rho_max,
/// and M goes down again. This happens `repeats` times. Each way down has `steps` steps, even in ρ^(1/7) with ρ = σ/α,
/// and adds `steps` × (evaluations per step of M); `run.evaluations()` tells the total at the end of a run. Multistep
/// methods start anew after each jump. The times must fall.
/// Xu et al., Restart Sampling for Improving Generative Processes, 2023 (https://arxiv.org/abs/2306.14878).
template <class M>
struct Restart {
  M method;
  RestartOptions options{};  ///< where the noise is added, and how often

  static constexpr int history = M::history;

  std::string name() const { return "Restart " + method.name(); }

  /// \throws std::invalid_argument that names the option out of range.
  void check() const {
    method.check();
    require(options.rho_min > 0, "Restart", "rho_min must be finite and positive", options.rho_min);
    require(options.rho_max > options.rho_min, "Restart", "rho_max must be finite and greater than rho_min",
            options.rho_max);
    require_in(0, 1000, "Restart", "repeats", options.repeats);
    require_in(1, 1000, "Restart", "steps", options.steps);
    require_in(0, 100, "Restart", "s_noise", options.s_noise);
  }

  /// \throws std::invalid_argument if rho_max is above the noise at the first time or not above the noise at the node
  /// of the restart, or the times rise and `repeats` is positive.
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (options.repeats > 0) grid.require_falling("Restart");
    const std::size_t bottom = restart_node(grid);
    if (i + 1 > bottom && options.repeats > 0) {  // steps after the restart follow its last way down
      const std::vector<Node> down = way_down(grid, bottom);
      return method.append(stages, grid.spliced(down, bottom + 1), down.size() - 1 + i - bottom);
    }
    method.append(stages, grid, i);
    if (i + 1 < bottom) return;
    for (int k = 0; k < options.repeats; ++k) again(stages, grid, bottom);
  }

 private:
  std::size_t restart_node(const TimeGrid& grid) const {
    std::size_t nearest = 1;
    const auto distance = [&](std::size_t j) {
      return std::fabs(std::log(grid[j].sigma / grid[j].alpha) - std::log(options.rho_min));
    };
    for (std::size_t j = 2; j + 1 < grid.size(); ++j) nearest = distance(j) < distance(nearest) ? j : nearest;
    return nearest;
  }

  std::vector<Node> way_down(const TimeGrid& grid, std::size_t bottom) const {
    const Node& end = grid[bottom];
    const double first = grid[0].sigma / grid[0].alpha;
    const double last = end.sigma / end.alpha;
    if (!(options.rho_max <= first && options.rho_max > last)) {
      reject("Restart", "rho_max must be above sigma/alpha at the node of the restart, " + show(last) +
             ", and at most that at the first time, " + show(first), show(options.rho_max));
    }
    const Node start = grid.noisier(-std::log(options.rho_max), bottom);
    std::vector<Node> nodes;
    const double noisy = std::pow(start.sigma / start.alpha, 1.0 / 7), clean = std::pow(end.sigma / end.alpha, 1.0 / 7);
    for (int j = 0; j < options.steps; ++j) {
      const double share = static_cast<double>(j) / options.steps;
      nodes.push_back(j == 0 ? start : grid.between(start, end, -7 * std::log(noisy + share * (clean - noisy))));
    }
    nodes.push_back(end);
    return nodes;
  }

  /// Appends one jump up and the way down.
  void again(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t bottom) const {
    const std::vector<Node> down = way_down(grid, bottom);
    stages.push_back(noise_step(grid[bottom], down.front(), options.s_noise));
    const TimeGrid inner = grid.spliced(down, bottom + 1);
    for (std::size_t j = 0; j + 1 < down.size(); ++j) method.append(stages, inner, j);
  }
};

template <class M>
Restart(M) -> Restart<M>;
template <class M>
Restart(M, RestartOptions) -> Restart<M>;

}  // namespace azula
