#pragma once
/// \file

#include <cmath>
#include <vector>

#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Times even in the angle φ = arctan σ/α, known as the KL-optimal grid (kl_optimal in other programs).
///
/// On any schedule they have the noise levels that even times have on CosineSchedule:
///
///     φ(t_i) = φ_start + i/steps (φ_stop - φ_start)
///
///     const auto times = azula::cosine_times(schedule, {.steps = 20});
///
/// They are finite at both ends, even if α = 0 at start or σ = 0 at stop. The KL-optimal grid often ends above σ = 0,
/// with the clean end after it; see with_clean_end().
/// Sabour, Fidler and Kreis, Align Your Steps, 2024 (https://arxiv.org/abs/2404.14507), section 3.1.
/// \throws std::invalid_argument if the options are out of range.
template <class S>
std::vector<double> cosine_times(const S& schedule, const TimeOptions& options = {}) {
  check(options, "cosine_times");
  return in_either_direction(options, [&](const TimeOptions& o) {
    const auto angle = [&](double t) {
      const auto scales = schedule(t);
      return std::atan2(static_cast<double>(scales.sigma), static_cast<double>(scales.alpha));
    };
    const double first = angle(o.start), last = angle(o.stop);
    return times_at_log_snr(schedule, o, [=](double share) {
      const double phi = (1 - share) * first + share * last;
      return std::log(std::cos(phi) / std::sin(phi));
    });
  });
}

}  // namespace azula
