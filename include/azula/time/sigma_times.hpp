#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/noise/clean_time.hpp"
#include "azula/noise/log_snr.hpp"

namespace azula {

/// Options of sigma_times().
struct SigmaTimeOptions {
  double start = 1.0;       ///< the noisy end of the times that are searched
  double stop = 0.0;        ///< the clean end
  double tolerance = 0.01;  ///< how far a σ may lie beyond the schedule's ends, relative to the end, in [0, 1]
};

/// The times at which σ_t/α_t takes the given values, for models that come with a list of sigmas.
///
///     azula::sigma_times(schedule, std::vector{14.6, 6.5, 3.9, 2.7, 1.9, 1.4, 1.0, 0.7, 0.4, 0.15, 0.03, 0.0})
///
/// The values fall, noisy first; a last value of 0 is the clean end. What most programs call sigmas is this ratio. The
/// sigmas of flow models are σ itself; give them as σ/(1 - σ), which is infinite for σ = 1.
///
/// A value that is beyond an end of the schedule by no more than the tolerance counts as that end, since lists are
/// printed with few digits. A value within 1e-9 of the noisy end counts as that end, too: otherwise rounding might put
/// it just below the last training step, and a network that takes whole training steps would get the one before.
/// \throws std::invalid_argument if a value lies beyond an end by more than the tolerance, is negative, or does not
/// fall, or an option is out of range.
template <class S, class Sigmas>
std::vector<double> sigma_times(const S& schedule, const Sigmas& sigmas,
                                const SigmaTimeOptions& options = {}) {
  const auto ratio = [&](double t) {
    const auto scales = schedule(t);
    return scales.sigma / scales.alpha;
  };
  require(options.start > options.stop, "sigma_times", "start must be finite and greater than stop", options.start);
  require(options.stop < options.start, "sigma_times", "stop must be finite and less than start", options.stop);
  require_in(0, 1, "sigma_times", "tolerance", options.tolerance);
  const double largest = ratio(options.start), smallest = ratio(options.stop);
  std::vector<double> times;
  double last = std::numeric_limits<double>::infinity();
  for (const auto value : sigmas) {
    const auto sigma = static_cast<double>(value);
    if (!(sigma >= 0 && (sigma < last || times.empty())) || is_nan(sigma)) {
      reject("sigma_times", "sigmas must fall to at least 0",
             show(sigma) + (times.empty() ? " as the first" : " after " + show(last)));
    }
    last = sigma;
    if (sigma == 0) {
      times.push_back(clean_time(schedule, "sigma_times"));
      continue;
    }
    if (sigma > largest * (1 + options.tolerance) || sigma < smallest * (1 - options.tolerance)) {
      reject("sigma_times",
             "sigmas must be in [" + show(smallest) + ", " + show(largest) + "] with this schedule",
             show(sigma));
    }
    const bool is_start = std::fabs(sigma / largest - 1) <= 1e-9;
    const auto time = [&] { return time_of_log_snr(schedule, -std::log(sigma), options.stop, options.start); };
    times.push_back(is_start ? options.start : time());
  }
  return times;
}

}  // namespace azula
