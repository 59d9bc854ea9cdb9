#pragma once
/// \file

#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/time/linear_times.hpp"

namespace azula {

/// Options of quadratic_times().
struct QuadraticTimeOptions {
  double start = 1.0;         ///< the noisy end
  double stop = 0.0;          ///< the clean end, at least 0
  std::ptrdiff_t steps = 64;  ///< at least 0, see TimeOptions
  double power = 2.0;         ///< p in [0.01, 100]: 1 is even; the larger, the denser at the clean end
};

/// Times even in a root of t, by default √t: the quadratic grid of the DDIM paper, dense at the clean end.
///
///     const auto times = azula::quadratic_times({.steps = 20});
///
/// With p = `power`:
///
///     t_i = (start^(1/p) + i/steps (stop^(1/p) - start^(1/p)))^p
///
/// Song et al., Denoising Diffusion Implicit Models, 2021 (https://arxiv.org/abs/2010.02502), appendix D.2.
/// \throws std::invalid_argument if the options are out of range or a time is negative.
inline std::vector<double> quadratic_times(const QuadraticTimeOptions& options = {}) {
  check({options.start, options.stop, options.steps}, "quadratic_times");
  require(options.start >= 0, "quadratic_times", "start must be at least 0", options.start);
  require(options.stop >= 0, "quadratic_times", "stop must be at least 0", options.stop);
  require_in(0.01, 100, "quadratic_times", "power", options.power);
  return in_either_direction(options, [](const QuadraticTimeOptions& o) {
    const double first = std::pow(o.start, 1 / o.power), last = std::pow(o.stop, 1 / o.power);
    std::vector<double> times = linear_times({first, last, o.steps}, "quadratic_times");
    for (double& t : times) t = std::pow(t, o.power);
    times.back() = o.stop;
    times.front() = o.start;
    return times;
  });
}

}  // namespace azula
