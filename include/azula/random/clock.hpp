#pragma once
/// \file
/// Clocks for BrownianSource: monotone functions u(t) of the time that say how fast the Brownian path runs.
///
/// The increment of the path from time t to s has the variance |u_t - u_s|. Any callable double -> double works; these
/// are the usual ones.

#include <utility>

#include "azula/noise/log_snr.hpp"

namespace azula {

/// The time itself as a clock, u(t) = t. It is finite for every schedule.
inline auto time_clock() {
  return [](double t) { return t; };
}

/// The noise-to-signal ratio as a clock, u(t) = σ_t/α_t. It is infinite where α = 0. Steps near the clean end cover
/// only a tiny part of its range; log_rho_clock() resolves them better.
template <class S>
auto rho_clock(S schedule) {
  return [schedule = std::move(schedule)](double t) -> double {
    const auto scales = schedule(t);
    return scales.sigma / scales.alpha;
  };
}

/// The logarithm of the noise-to-signal ratio as a clock, u(t) = log σ_t/α_t. It is infinite where α = 0 or σ = 0:
/// choose the start and stop of the path so that neither happens.
template <class S>
auto log_rho_clock(S schedule) {
  return [schedule = std::move(schedule)](double t) -> double {
    const auto scales = schedule(t);
    return -log_snr(scales.alpha, scales.sigma);
  };
}

}  // namespace azula
