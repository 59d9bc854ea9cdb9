#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/noise/log_snr.hpp"
#include "azula/time/log_snr_times.hpp"

namespace azula {

/// Options of logit_normal_times().
struct LogitNormalTimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end
  std::ptrdiff_t steps = 64;  ///< at least 0, see TimeOptions
  double mean = 0.0;          ///< mean μ of log σ/α, in [-20, 20]: the larger, the denser at the noisy end
  double deviation = 1.75;    ///< standard deviation s of log σ/α, in [0.01, 100]: smaller is denser in the middle
};

/// Φ(z), the share of a standard normal distribution that lies below z.
inline double normal_share(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

/// The quantile function Φ⁻¹, from the shares below and above, whose sum is 1.
///
/// Both are given because only the smaller one has all its digits.
inline double normal_quantile(double below, double above) {
  if (above < below) return -normal_quantile(above, below);
  double low = -40, high = 0;
  for (int j = 0; j < 60; ++j) {
    const double middle = (low + high) / 2;
    (normal_share(middle) < below ? low : high) = middle;
  }
  return high;
}

/// Times at the quantiles of a logit-normal distribution of σ/(α + σ), for flow models trained on such times.
///
/// A flow model that was trained on times drawn from this distribution has learned most where it is dense.
///
///     const auto times = azula::logit_normal_times(schedule, {.steps = 28, .mean = 0.5});
///
/// The distribution of log σ/α is normal, with mean μ and standard deviation s. Its shares are divided evenly between
/// those at start and at stop:
///
///     log (σ/α)(t_i) = μ + s Φ⁻¹(p_i),    p_i = (1 - i/steps) p_start + i/steps p_stop
///
/// If α = 0 at start and σ = 0 at stop, p_i is 1 - i/steps. Ideogram 4 has μ = 1/2 log (tokens/1024) and s = 1.75.
/// Esser et al., Scaling Rectified Flow Transformers, 2024 (https://arxiv.org/abs/2403.03206), on the training.
/// \throws std::invalid_argument if the options are out of range, or start and stop are both so far from μ that nothing
/// of the distribution is between them.
template <class S>
std::vector<double> logit_normal_times(const S& schedule, const LogitNormalTimeOptions& options = {}) {
  check({options.start, options.stop, options.steps}, "logit_normal_times");
  require_in(-20, 20, "logit_normal_times", "mean", options.mean);
  require_in(0.01, 100, "logit_normal_times", "deviation", options.deviation);
  return in_either_direction(options, [&](const LogitNormalTimeOptions& o) {
    const auto deviations = [&](double t) {
      const auto scales = schedule(t);
      return (-log_snr(scales.alpha, scales.sigma) - o.mean) / o.deviation;
    };
    const double first = deviations(o.start), last = deviations(o.stop);
    const double below = normal_share(first) - normal_share(last), above = normal_share(-last) - normal_share(-first);
    require(std::fmax(below, above) > 1e-290, "logit_normal_times",
            "mean must be nearer to log sigma/alpha of the times", o.mean);
    return times_at_log_snr(schedule, {o.start, o.stop, o.steps}, [&](double passed) {
      const auto mixed = [=](double from, double to) {
        return (1 - passed) * normal_share(from) + passed * normal_share(to);
      };
      return -(o.mean + o.deviation * normal_quantile(mixed(first, last), mixed(-first, -last)));
    });
  });
}

}  // namespace azula
