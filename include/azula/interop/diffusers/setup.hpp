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

/// What a pipeline adds to a configuration: the arguments of `set_timesteps` and `step` in diffusers.
struct SchedulerOptions {
  std::ptrdiff_t steps = 20;  ///< number of steps N, at least 1
  bool compat = false;  ///< reproduce diffusers' numbers also where they are wrong, see docs/configurations.md

  std::vector<double> timesteps{};  ///< a list of training steps, noisy first, instead of `steps`
  std::vector<double>
      sigmas{};                ///< a list of noise levels instead of `steps`, without the last (EulerDiscrete: with it)
  std::optional<double> mu{};  ///< μ of flow models with dynamic shifting
  std::optional<double> tokens{};  ///< number of tokens of the image, from which μ follows if it is not given

  std::optional<double>
      eta{};      ///< η of DDIM, a factor of the noise's deviation, or γ of TCD; otherwise diffusers' default
  Churn churn{};  ///< churn of EulerDiscrete and EDMEuler
  int order = 4;  ///< order of LMSDiscrete
  bool use_clipped_model_output = false;  ///< for DDIM: compute the noise from the clipped mean
};

/// All that a sampler needs from a configuration: the model, the times and the method.
///
/// Every part can be inspected and replaced. read_scheduler() makes one.
///
///     auto setup = azula::diffusers::read_scheduler("model/scheduler", {.steps = 25});
///     setup.method = azula::Heun{};
///     const azula::Sampler sampler(setup.denoiser(unet), setup.method, setup.times);
struct Setup {
  std::string scheduler;      ///< class of the scheduler, without the ending "Scheduler"
  Model model;                ///< schedule, prediction and time of the network
  std::vector<double> times;  ///< times of the nodes, noisy first
  AnyMethod method;           ///< the solver
  double initial_scale = 1;  ///< standard deviation of the noise of the first state, `init_noise_sigma` in diffusers
  bool keeps_noise = false;  ///< whether a step keeps the noise of the mean before it is clipped, see KeptNoise
  std::vector<std::string> ignored{};  ///< keys of the file that this scheduler class does not read

  const ModelSchedule& schedule() const { return model.schedule; }

  /// Makes the denoiser from a network that is called as network(input, c, output).
  /// \throws std::invalid_argument if the noise is to be kept and `method` has been replaced by one that cannot keep
  /// it.
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
