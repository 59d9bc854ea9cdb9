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
  double tolerance = 0.01;  ///< how far, as a share, a σ may lie beyond the schedule's own ends, in [0, 1]
};

/// The times at which σ_t/α_t takes the given values, noisy first; a last value of 0 is the clean end.
/// What others call sigmas is this ratio; of a flow model's sigmas, σ itself, it is σ/(1 - σ), infinite for σ = 1.
///
///     azula::sigma_times(schedule, std::vector{14.6, 6.5, 3.9, 2.7, 1.9, 1.4, 1.0, 0.7, 0.4, 0.15, 0.03,
///     0.0})
///
/// A σ beyond an end of the schedule by no more than the tolerance (lists are printed with few digits) is
/// that end. So is one within 1e-9 of the noisy end: a network of whole training steps might round down there.
/// \throws std::invalid_argument if one lies farther beyond, is negative, or does not fall, or an option is out of range.
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
