#pragma once
/// \file

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "azula/interop/diffusers/model_denoiser.hpp"
#include "azula/method/any_method.hpp"
#include "azula/method/churn.hpp"

namespace azula::diffusers {

/// What a pipeline adds to a configuration: the arguments of the reference's `set_timesteps` and `step`.
struct SchedulerOptions {
  std::ptrdiff_t steps = 20;  ///< N, at least 1
  bool compat = false;  ///< the reference's numbers also where they are at fault, see docs/configurations.md

  std::vector<double> timesteps{};  ///< the model's own list of training steps, noisy first, in place of N
  std::vector<double>
      sigmas{};                ///< the model's own list of noise levels, without the final one, in place of N
  std::optional<double> mu{};  ///< of flow models with dynamic shift …
  std::optional<double> tokens{};  ///< … or the number of tokens of the image, from which it follows

  std::optional<double>
      eta{};      ///< of DDIM (acting on the deviation), and TCD's γ; else the reference's default
  Churn churn{};  ///< of Euler and EDMEuler
  int order = 4;  ///< of LMS
  bool use_clipped_model_output = false;  ///< of DDIM: the noise of the clipped mean
};

/// All that a sampler needs, from a configuration. Every part can be looked at and replaced.
struct Setup {
  std::string scheduler;      ///< the class, without its ending
  Model model;                ///< schedule, prediction, time
  std::vector<double> times;  ///< the nodes, noisy first
  AnyMethod method;           ///< the solver
  double initial_scale = 1;  ///< the deviation of the first state's noise, `init_noise_sigma`
  bool keeps_noise = false;  ///< a step keeps the noise of the mean before it is clipped, see KeptNoise
  std::vector<std::string> ignored{};  ///< keys of the file that this class does not read

  const ModelSchedule& schedule() const { return model.schedule; }

  /// E[X | x_t] by a network that is called as network(input, c, output).
  /// \throws std::invalid_argument if noise is to be kept, and the method has been replaced by one that
  /// cannot.
  template <class N>
  ModelDenoiser<N> denoiser(N network) const {
    Model whole = model;
    if (keeps_noise && (model.clip > 0 || model.threshold))
      whole.kept_noise.emplace(model.schedule, stages());
    return {std::move(network), std::move(whole)};
  }

 private:
  std::vector<Stage> stages() const {
    const TimeGrid grid(model.schedule, times);
    std::vector<Stage> all;
    for (std::size_t i = 0; i + 1 < grid.size(); ++i) method.append(all, grid, i);
    return all;
  }
};

}  // namespace azula::diffusers
