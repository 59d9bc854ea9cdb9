#pragma once

#include <azula/time/log_snr_times.hpp>

#include <cstddef>
#include <vector>

namespace examples {

/// Times for images of clothes, from where the noise is fifty times the image (t = 0.75): even in log σ/α to
/// t = 0.02, from there in one step to t = 0, which leaves no noise to be seen. \throws std::invalid_argument
/// unless steps >= 2.
template <class Schedule>
std::vector<double> fashion_times(const Schedule& schedule, std::ptrdiff_t steps) {
  std::vector<double> times =
      azula::log_snr_times(schedule, {.start = 0.75, .stop = 0.02, .steps = steps - 1});
  times.push_back(0);
  return times;
}

}  // namespace examples
