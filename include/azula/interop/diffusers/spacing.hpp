#pragma once
/// \file
/// Lists of training steps, noisy first, exactly as diffusers computes them, including the rounding.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace azula::diffusers {

/// n evenly spaced numbers from a to b, with both ends exact; only a for n = 1.
inline std::vector<double> even(double a, double b, std::ptrdiff_t n) {
  std::vector<double> values;
  const double step = n > 1 ? (b - a) / static_cast<double>(n - 1) : 0;
  for (std::ptrdiff_t i = 0; i < n; ++i)
    values.push_back(i + 1 == n && n > 1 ? b : a + static_cast<double>(i) * step);
  return values;
}

/// Rounds to the nearest whole number, and halves to the even one.
inline double to_whole(double value) {
  return std::nearbyint(value);
}

/// The spacing "leading": the last n of the steps 0, r, 2r, …, (all - 1) r, with r = ⌊T/all⌋, plus the offset.
inline std::vector<double> leading_steps(std::ptrdiff_t training, std::ptrdiff_t n, std::ptrdiff_t all,
                                         double offset) {
  std::vector<double> steps;
  const auto ratio = static_cast<double>(training / all);
  for (std::ptrdiff_t i = 0; i < n; ++i) steps.push_back(static_cast<double>(all - 1 - i) * ratio + offset);
  return steps;
}

/// The spacing "trailing": n steps from `last` down in strides of T/n, rounded, minus one.
///
/// For some n, diffusers has one step more, because of rounding. Here there are n.
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

/// The spacing "linspace": n evenly spaced steps from b down to a, optionally rounded.
inline std::vector<double> linspace_steps(double a, double b, std::ptrdiff_t n, bool rounded) {
  std::vector<double> steps = even(a, b, n);
  std::reverse(steps.begin(), steps.end());
  if (rounded) std::transform(steps.begin(), steps.end(), steps.begin(), to_whole);
  return steps;
}

}  // namespace azula::diffusers
