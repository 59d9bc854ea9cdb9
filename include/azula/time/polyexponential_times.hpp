#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of polyexponential_times().
struct PolyexponentialTimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, see TimeOptions
  double rho = 1.0;           ///< ρ in [0.01, 100]: 1 is log_snr_times(); the larger, the denser at the clean end
};

/// The polyexponential times of k-diffusion: log σ/α falls like a power of the share of steps left.
///
///     const auto times = azula::polyexponential_times(schedule, {.stop = 0.01, .steps = 20, .rho = 1.5});
///
/// Their noise levels are
///
///     log (σ/α)(t_i) = log (σ/α)_stop + (1 - i/steps)^ρ (log (σ/α)_start - log (σ/α)_stop)
///
/// Crowson's k-diffusion (https://github.com/crowsonkb/k-diffusion).
/// \throws std::invalid_argument if the options are out of range, or α = 0 at start or σ = 0 at stop.
template <class S>
std::vector<double> polyexponential_times(const S& schedule, const PolyexponentialTimeOptions& options = {}) {
  check({options.start, options.stop, options.steps}, "polyexponential_times");
  require_in(0.01, 100, "polyexponential_times", "rho", options.rho);
  return in_either_direction(options, [&](const PolyexponentialTimeOptions& o) {
    const double first = finite_log_snr(schedule, o.start, "polyexponential_times");
    const double last = finite_log_snr(schedule, o.stop, "polyexponential_times");
    return times_at_log_snr(schedule, {o.start, o.stop, o.steps}, [=, rho = o.rho](double share) {
      return last + std::pow(1 - share, rho) * (first - last);
    });
  });
}

}  // namespace azula
