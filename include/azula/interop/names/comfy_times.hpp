#pragma once
/// \file

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "azula/interop/names/grid_name.hpp"
#include "azula/interop/names/model_grids.hpp"
#include "azula/interop/names/model_sigmas.hpp"

namespace azula {

/// The times of the schedulers "normal" and "sgm_uniform": evenly spaced training steps, from the last one down to 0.
///
/// "normal" visits both ends with n steps. "sgm_uniform" spaces n + 1 steps and leaves out the last one. For a flow,
/// the times are even from 1 to σ_0, the σ of training step 0, which ComfyUI uses as if it were a time.
template <class S>
std::vector<double> comfy_even_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n, bool visit_last) {
  const std::ptrdiff_t count = visit_last ? n : n + 1;
  std::vector<double> steps = names::linspace(model.last(), 0, count);
  if constexpr (names::FlowSchedule<S>) {
    const double clean = model.sigma_at(model.time_of(0));
    steps = names::linspace(model.last(), clean * static_cast<double>(model.steps()) - 1, count);
  }
  if (!visit_last) steps.pop_back();
  return names::times_of_steps(model, steps);
}

/// The times of the scheduler "ddim_uniform": the training steps 1, 1 + r, 1 + 2r, … below T, with r = ⌊T/n⌋. Their
/// number may differ from n.
template <class S>
std::vector<double> comfy_ddim_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps;
  for (std::ptrdiff_t k = 1; k < model.steps(); k += model.steps() / n) steps.push_back(static_cast<double>(k));
  std::reverse(steps.begin(), steps.end());
  return names::times_of_steps(model, steps);
}

/// The schedulers of ComfyUI's KSampler, in its order, with their equivalents in azula.
template <class S>
const std::vector<names::GridName<S>>& comfy_schedulers() {
  static const std::vector<names::GridName<S>> table{
      {"simple", &names::simple_sigmas<double, S>, "every T/n-th training step from the last, rounded up"},
      {"sgm_uniform", [](const auto& m, std::ptrdiff_t n) { return comfy_even_times(m, n, false); },
       "n + 1 evenly spaced training steps without the last"},
      {"karras", &names::karras_sigmas<S>, "even in σ^(1/7)"},
      {"exponential", &names::exponential_sigmas<S>, "even in log σ"},
      {"ddim_uniform", &comfy_ddim_times<S>, "every ⌊T/n⌋-th training step from 1"},
      {"beta", &names::beta_sigmas<S>, "training steps at quantiles of Beta(0.6, 0.6), each once"},
      {"normal", [](const auto& m, std::ptrdiff_t n) { return comfy_even_times(m, n, true); },
       "n evenly spaced training steps, including both ends"},
      {"linear_quadratic", &names::linear_quadratic_sigmas<S>, "first even, then quadratic in σ"},
      {"kl_optimal", &names::kl_optimal_sigmas<S>, "even in arctan σ"},
  };
  return table;
}

/// Options of comfy_times().
struct ComfyTimeOptions {
  std::string_view sampler{};           ///< sampler of ComfyUI; some leave out the last time before the clean end
  std::ptrdiff_t training_steps = 1000;  ///< number of training steps T of a flow model; 10000 for Flux
};

/// Returns the times that a scheduler of ComfyUI makes for a number of steps, such as "karras"; the last time is the
/// clean end.
///
///     const auto times = azula::comfy_times("karras", schedule, 20);
///
/// Give a DiscreteSchedule Interpolation::log for ComfyUI's times between training steps.
/// \throws std::invalid_argument if the name is unknown (the message lists the names), if azula has no such grid (the
/// message says why), or unless the number of steps is from 1 to T.
template <class S>
std::vector<double> comfy_times(std::string_view name, const S& schedule, std::ptrdiff_t steps,
                                const ComfyTimeOptions& options = {}) {
  constexpr std::array shortened{"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"};
  const bool discards = std::find(shortened.begin(), shortened.end(), options.sampler) != shortened.end();
  const names::ModelSigmas<S> model(schedule, options.training_steps);
  const std::ptrdiff_t count = discards ? steps + 1 : steps;
  std::vector<double> times = names::times_of(comfy_schedulers<S>(), "comfy_times", name, model, count);
  if (discards) times.erase(times.end() - 2);
  return times;
}

}  // namespace azula
