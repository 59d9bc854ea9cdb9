#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "progress.hpp"

namespace examples {

/// Microseconds of two calls and how much longer the first takes than the second: medians.
struct Beside {
  double first;
  double second;
  double excess;  ///< of the rounds' own ratios, less 1
};

/// The calls in turn, so that what else the machine does falls on both alike, and in either order, as the second of
/// two may find the caches and the allocator as the first left them.
/// \param name  the program's, for what it says meanwhile
Beside beside(const char* name, const auto& first, const auto& second, int rounds) {
  using Clock = std::chrono::steady_clock;
  const auto microseconds = [](const auto& call) {
    const auto begin = Clock::now();
    call();
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
  };
  const auto median = [](std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  Progress progress(std::string(name) + ": a sampler beside the engine alone", rounds + 1, "rounds");
  std::vector<double> a, b, ratio;
  for (int i = 0; i <= rounds; ++i) {
    const bool reversed = i % 2 == 1;
    const double before = reversed ? microseconds(second) : 0;
    const double of_first = microseconds(first);
    const double of_second = reversed ? before : microseconds(second);
    progress.next();
    if (i == 0) continue;  // the engine's first calls are slow
    a.push_back(of_first);
    b.push_back(of_second);
    ratio.push_back(of_first / of_second);
  }
  return {median(a), median(b), median(ratio) - 1};
}

}  // namespace examples
