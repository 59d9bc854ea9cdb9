#pragma once
/// \file
/// Clocks of a Brownian path: monotone functions u(t) of the time, in which its increments have variance
/// |u_t - u_s|. Any callable will do; these are the usual ones.

#include <utility>

#include "azula/noise/log_snr.hpp"

namespace azula {

/// u(t) = t: finite for every schedule.
inline auto time_clock() {
  return [](double t) { return t; };
}

/// u(t) = σ_t/α_t: infinite where α = 0. Steps near a clean end are a tiny part of its range, for which
/// log_rho_clock() is the better one.
template <class S>
auto rho_clock(S schedule) {
  return [schedule = std::move(schedule)](double t) -> double {
    const auto scales = schedule(t);
    return scales.sigma / scales.alpha;
  };
}

/// u(t) = log σ_t/α_t: infinite where α = 0 or σ = 0; give the path times short of these.
template <class S>
auto log_rho_clock(S schedule) {
  return [schedule = std::move(schedule)](double t) -> double {
    const auto scales = schedule(t);
    return -log_snr(scales.alpha, scales.sigma);
  };
}

}  // namespace azula
