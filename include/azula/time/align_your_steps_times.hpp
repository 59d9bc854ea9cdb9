#pragma once
/// \file

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/sigma_times.hpp"

namespace azula {

/// The models for which Align Your Steps has published noise levels.
enum class AlignedModel {
  SD15,  ///< Stable Diffusion 1.5
  SDXL,  ///< Stable Diffusion XL
  SVD    ///< Stable Video Diffusion
};

/// Options of align_your_steps_times().
struct AlignYourStepsTimeOptions {
  AlignedModel model = AlignedModel::SD15;  ///< the model whose levels are used
  std::ptrdiff_t steps = 10;  ///< at least 1; the tables are for 10
  bool clean_end = true;      ///< whether the last time has σ = 0; if not, it has the table's last level
};

/// The eleven published levels of σ/α of a model.
inline const std::array<double, 11>& aligned_levels(AlignedModel model) {
  static constexpr std::array<double, 11> tables[] = {
      {14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016,
       0.3977456272, 0.1515232662, 0.0291671582},
      {14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708,
       0.2332364134, 0.1114188177, 0.0291671582},
      {700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002}};
  return tables[static_cast<std::size_t>(model)];
}

/// Times optimised for one of three models, for ten steps and fewer.
///
/// Each model needs the noise schedule of its training:
///
///     const azula::DiscreteSchedule schedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}));
///     azula::align_your_steps_times(schedule, {.model = azula::AlignedModel::SD15, .steps = 10})
///
/// For numbers of steps other than ten, the logarithms of the published levels are interpolated along the number of the
/// step. For your own models and solvers use tune_times().
/// Sabour, Fidler and Kreis, Align Your Steps, 2024 (https://arxiv.org/abs/2404.14507).
/// \throws std::invalid_argument if steps are out of range, or the schedule does not have these levels of σ/α.
template <class S>
std::vector<double> align_your_steps_times(const S& schedule, const AlignYourStepsTimeOptions& options = {}) {
  require_count(options.steps, 1, "align_your_steps_times", "steps");
  const std::array<double, 11>& table = aligned_levels(options.model);
  std::vector<double> levels;
  for (std::ptrdiff_t i = 0; i < options.steps; ++i) {
    const auto k = static_cast<std::size_t>(10 * i / options.steps);
    const double share = static_cast<double>(10 * i % options.steps) / static_cast<double>(options.steps);
    levels.push_back(share == 0 ? table[k] : table[k] * std::pow(table[k + 1] / table[k], share));
  }
  levels.push_back(options.clean_end ? 0 : table.back());
  return sigma_times(schedule, levels);
}

}  // namespace azula
