#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "azula/interop/names/grid_name.hpp"
#include "azula/interop/names/model_grids.hpp"
#include "azula/interop/names/model_sigmas.hpp"

namespace azula {

/// The times of the schedulers "discrete" and "sgm_uniform": evenly spaced training steps, from the last one down to 0.
/// "discrete" visits both ends with n steps. "sgm_uniform" spaces n + 1 steps and leaves out the last one.
template <class S>
std::vector<double> sdcpp_even_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n, bool visit_last) {
  std::vector<double> steps = names::linspace(model.last(), 0, visit_last ? n : n + 1);
  if (!visit_last) steps.pop_back();
  return names::times_of_steps(model, steps);
}

/// The times of the scheduler "smoothstep": the training steps (T-1) u² (3 - 2u), rounded, with u = 1 - i/n.
template <class S>
std::vector<double> sdcpp_smoothstep_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps{model.last()};
  for (std::ptrdiff_t i = 1; i < n; ++i) {
    const double u = 1 - static_cast<double>(i) / static_cast<double>(n);
    steps.push_back(std::round(u * u * (3 - 2 * u) * model.last()));
  }
  return names::times_of_steps(model, steps);
}

/// The times of the scheduler "lcm": from the list of training steps ⌊T/50⌋ k - 1, k = 50 … 1, the ones at the indices
/// ⌊50 i/n⌋, i = 0 … n-1.
template <class S>
std::vector<double> sdcpp_lcm_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    steps.push_back(static_cast<double>((50 - i * 50 / n) * (model.steps() / 50) - 1));
  }
  return names::times_of_steps(model, steps);
}

/// The schedulers of stable-diffusion.cpp, in the order of its enumeration, with their equivalents in azula.
template <class S>
const std::vector<names::GridName<S>>& sdcpp_schedulers() {
  const char* const shift = "linear_times; its shift is the schedule's: ShiftedRectifiedSchedule{.shift}";
  static const std::vector<names::GridName<S>> table{
      {"discrete", [](const auto& m, std::ptrdiff_t n) { return sdcpp_even_times(m, n, true); },
       "n evenly spaced training steps, including both ends"},
      {"karras", &names::karras_sigmas<S>, "even in σ^(1/7)"},
      {"exponential", &names::exponential_sigmas<S>, "even in log σ"},
      {"ays", nullptr, "one table per model: align_your_steps_times has them"},
      {"gits", nullptr, "tables fitted to one model: pass them to sigma_times"},
      {"sgm_uniform", [](const auto& m, std::ptrdiff_t n) { return sdcpp_even_times(m, n, false); },
       "n + 1 evenly spaced training steps without the last"},
      {"simple", &names::simple_sigmas<float, S>, "every T/n-th training step from the last, rounded up"},
      {"smoothstep", &sdcpp_smoothstep_times<S>, "training steps (T-1) u² (3 - 2u)"},
      {"kl_optimal", &names::kl_optimal_sigmas<S>, "even in arctan σ"},
      {"lcm", &sdcpp_lcm_times<S>, "every 50/n-th of the fifty distillation steps"},
      {"bong_tangent", nullptr, "two hand-tuned pieces of an arctangent: pass its numbers to sigma_times"},
      {"ltx2", nullptr, "stretches a flow to end at 0.1: pass its numbers to sigma_times"},
      {"logit_normal", nullptr, "quantiles for one model: pass its numbers as times"},
      {"flux2", nullptr, shift},
      {"flux", nullptr, shift},
      {"beta", &names::beta_sigmas<S>, "training steps at quantiles of Beta(0.6, 0.6), each once"},
  };
  return table;
}

/// Returns the times that a scheduler of stable-diffusion.cpp makes for a number of steps, such as "karras"; the last
/// time is the clean end.
///
/// Flow models have T = 1000 training steps there. See comfy_times().
/// \throws std::invalid_argument if the name is unknown (the message lists the names), if azula has no such grid (the
/// message says why), or unless the number of steps is from 1 to T.
template <class S>
std::vector<double> sdcpp_times(std::string_view name, const S& schedule, std::ptrdiff_t steps) {
  const std::string_view known = name == "normal" ? "discrete" : name;  // stable-diffusion.cpp takes both names
  return names::times_of(sdcpp_schedulers<S>(), "sdcpp_times", known, names::ModelSigmas<S>(schedule, 1000), steps);
}

}  // namespace azula
