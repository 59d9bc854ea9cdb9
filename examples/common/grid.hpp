#pragma once

#include <azula/time.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace examples {

/// The times of a grid chosen by its name. All start at t = 1. Those that follow the noise level stop at t = 0.01,
/// where it is a third of a step between the 17 grey levels of the data: steps below that would be wasted.
/// \throws std::invalid_argument that lists the grids, if there is none of that name.
template <class Schedule>
std::vector<double> times_of(const std::string& grid, const Schedule& schedule, std::ptrdiff_t steps) {
  if (grid == "linear") return azula::linear_times({.steps = steps});
  if (grid == "karras") return azula::karras_times(schedule, {.stop = 0.01, .steps = steps});
  if (grid == "logsnr") return azula::log_snr_times(schedule, {.stop = 0.01, .steps = steps});
  throw std::invalid_argument("a grid must be one of linear, karras, logsnr, got \"" + grid + '"');
}

}  // namespace examples
