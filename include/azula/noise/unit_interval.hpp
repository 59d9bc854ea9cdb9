#pragma once
/// \file

#include "azula/error.hpp"

namespace azula {

/// Checks σ_min = σ_0, which most schedules have.
/// \throws std::invalid_argument that names the parameter.
inline void check_sigma_min(const char* schedule, double sigma_min) {
  require(sigma_min >= 0 && sigma_min < 1, schedule, "sigma_min must be in [0, 1)", sigma_min);
}

/// Checks the two parameters that most schedules share: α_min = α_1 and σ_min = σ_0.
///
/// The original asks for the open interval ]0, 1[. Zero is accepted here: α_min = 0 is zero terminal
/// signal and σ_min = 0 a clean end, both of which are deployed; the samplers define those ends.
/// \throws std::invalid_argument that names the parameter.
inline void check_unit_interval(const char* schedule, double alpha_min, double sigma_min) {
  require(alpha_min >= 0 && alpha_min < 1, schedule, "alpha_min must be in [0, 1)", alpha_min);
  check_sigma_min(schedule, sigma_min);
}

}  // namespace azula
