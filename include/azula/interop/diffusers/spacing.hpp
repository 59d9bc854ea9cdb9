#pragma once
/// \file
/// Lists of training steps as the reference makes them, noisy first, down to the rounding of its arithmetic.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace azula::diffusers {

/// n numbers from a to b, both ends exact; a alone for n = 1.
inline std::vector<double> even(double a, double b, std::ptrdiff_t n) {
  std::vector<double> values;
  const double step = n > 1 ? (b - a) / static_cast<double>(n - 1) : 0;
  for (std::ptrdiff_t i = 0; i < n; ++i)
    values.push_back(i + 1 == n && n > 1 ? b : a + static_cast<double>(i) * step);
  return values;
}

/// To the nearest whole number, a half to the even one.
inline double to_whole(double value) {
  return std::nearbyint(value);
}

/// Steps 0, r, 2r, … with r = ⌊T/n⌋, then the offset; `all` of them, of which the last `n` count.
inline std::vector<double> leading_steps(std::ptrdiff_t training, std::ptrdiff_t n, std::ptrdiff_t all,
                                         double offset) {
  std::vector<double> steps;
  const auto ratio = static_cast<double>(training / all);
  for (std::ptrdiff_t i = 0; i < n; ++i) steps.push_back(static_cast<double>(all - 1 - i) * ratio + offset);
  return steps;
}

/// From `last` down in strides of T/n, rounded, less one. The reference has one more for some n, where
/// rounding leaves a rest; here there are n.
inline std::vector<double> trailing_steps(std::ptrdiff_t training, double last, std::ptrdiff_t n) {
  std::vector<double> steps;
  const double stride = (last - static_cast<double>(training) / static_cast<double>(n)) - last;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double step = last + static_cast<double>(i) * stride;
    if (step <= 0) break;
    steps.push_back(to_whole(step) - 1);
  }
  return steps;
}

/// From b down to a, `n` of them, rounded or not.
inline std::vector<double> linspace_steps(double a, double b, std::ptrdiff_t n, bool rounded) {
  std::vector<double> steps = even(a, b, n);
  std::reverse(steps.begin(), steps.end());
  if (rounded) std::transform(steps.begin(), steps.end(), steps.begin(), to_whole);
  return steps;
}

}  // namespace azula::diffusers
