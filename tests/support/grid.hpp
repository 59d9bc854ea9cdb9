#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "catch.hpp"

/// Requires that a grid has `steps` steps, falls, and meets its ends exactly.
inline void require_grid(const std::vector<double>& times, std::size_t steps, double start, double stop) {
  REQUIRE(times.size() == steps + 1);
  REQUIRE(times.front() == start);
  REQUIRE(times.back() == stop);
  for (std::size_t i = 0; i < steps; ++i) REQUIRE(times[i + 1] < times[i]);
}
