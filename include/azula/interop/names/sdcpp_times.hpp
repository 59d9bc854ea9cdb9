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

/// "discrete" and "sgm_uniform": training steps even from the last to 0, all n, or without the last of n + 1.
template <class S>
std::vector<double> sdcpp_even_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n, bool visit_last) {
  std::vector<double> steps = names::linspace(model.last(), 0, visit_last ? n : n + 1);
  if (!visit_last) steps.pop_back();
  return names::times_of_steps(model, steps);
}

/// "smoothstep": steps (T-1) u² (3 - 2u), rounded, u = 1 - i/n.
template <class S>
std::vector<double> sdcpp_smoothstep_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps{model.last()};
  for (std::ptrdiff_t i = 1; i < n; ++i) {
    const double u = 1 - static_cast<double>(i) / static_cast<double>(n);
    steps.push_back(std::round(u * u * (3 - 2 * u) * model.last()));
  }
  return names::times_of_steps(model, steps);
}

/// "lcm": of the steps T/50 k - 1, k = 50 … 1, those at ⌊50 i/n⌋.
template <class S>
std::vector<double> sdcpp_lcm_times(const names::ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    steps.push_back(static_cast<double>((50 - i * 50 / n) * (model.steps() / 50) - 1));
  }
  return names::times_of_steps(model, steps);
}

/// The schedulers of stable-diffusion.cpp, in the order of its enumeration.
template <class S>
const std::vector<names::GridName<S>>& sdcpp_schedulers() {
  const char* const shift = "linear_times; its shift is the schedule's: ShiftedRectifiedSchedule{.shift}";
  static const std::vector<names::GridName<S>> table{
      {"discrete", [](const auto& m, std::ptrdiff_t n) { return sdcpp_even_times(m, n, true); },
       "n even training steps, both ends among them"},
      {"karras", &names::karras_sigmas<S>, "even in σ^(1/7)"},
      {"exponential", &names::exponential_sigmas<S>, "even in log σ"},
      {"ays", nullptr, "one table per model: align_your_steps_times has them"},
      {"gits", nullptr, "tables fitted to one model: sigma_times takes them"},
      {"sgm_uniform", [](const auto& m, std::ptrdiff_t n) { return sdcpp_even_times(m, n, false); },
       "n + 1 even training steps without the last of them"},
      {"simple", &names::simple_sigmas<float, S>, "every T/n-th training step from the last, rounded up"},
      {"smoothstep", &sdcpp_smoothstep_times<S>, "training steps (T-1) u² (3 - 2u)"},
      {"kl_optimal", &names::kl_optimal_sigmas<S>, "even in arctan σ"},
      {"lcm", &sdcpp_lcm_times<S>, "of the fifty steps of distillation every 50/n-th"},
      {"bong_tangent", nullptr, "two pieces of an arctangent chosen by eye: sigma_times takes its numbers"},
      {"ltx2", nullptr, "stretches a flow to end at 0.1: sigma_times takes its numbers"},
      {"logit_normal", nullptr, "quantiles for one model: its numbers are times of the schedule"},
      {"flux2", nullptr, shift},
      {"flux", nullptr, shift},
      {"beta", &names::beta_sigmas<S>, "training steps at quantiles of Beta(0.6, 0.6), each once"},
  };
  return table;
}

/// The times of a scheduler of stable-diffusion.cpp by its name there, as many steps as asked for and the clean end;
/// see comfy_times(). Flows there have T = 1000.
/// \throws std::invalid_argument with the list of names, or with the reason if there is no such grid here.
template <class S>
std::vector<double> sdcpp_times(std::string_view name, const S& schedule, std::ptrdiff_t steps) {
  const std::string_view known = name == "normal" ? "discrete" : name;  // as there
  return names::times_of(sdcpp_schedulers<S>(), "sdcpp_times", known, names::ModelSigmas<S>(schedule, 1000), steps);
}

}  // namespace azula
