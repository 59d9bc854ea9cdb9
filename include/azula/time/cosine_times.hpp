#pragma once
/// \file

#include <cmath>
#include <vector>

#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Times even in the angle φ = arctan σ/α, the times of CosineSchedule on any schedule; known elsewhere as
/// the KL-optimal grid (kl_optimal), which often ends above σ = 0 and has the clean end behind it, see
/// with_clean_end(). Finite at both ends, α = 0 at start and σ = 0 at stop included.
///
///     φ(t_i) = φ_start + i/steps (φ_stop - φ_start)
///
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
