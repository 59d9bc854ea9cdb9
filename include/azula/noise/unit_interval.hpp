#pragma once
/// \file

#include "azula/error.hpp"

namespace azula {

/// Checks the option σ_min = σ_0 that most schedules have: it must be in [0, 1).
/// \param schedule  the name of the schedule, for the error message
/// \throws std::invalid_argument that names the option.
inline void check_sigma_min(const char* schedule, double sigma_min) {
  require(sigma_min >= 0 && sigma_min < 1, schedule, "sigma_min must be in [0, 1)", sigma_min);
}

/// Checks the two options that most schedules share, α_min = α_1 and σ_min = σ_0: each must be in [0, 1).
///
/// The Python package demands the open interval (0, 1). Here 0 is accepted, as deployed models need it: α_min = 0 is
/// zero terminal SNR and σ_min = 0 is a clean end. The samplers define what happens at those ends.
/// \param schedule  the name of the schedule, for the error message
/// \throws std::invalid_argument that names the option.
inline void check_unit_interval(const char* schedule, double alpha_min, double sigma_min) {
  require(alpha_min >= 0 && alpha_min < 1, schedule, "alpha_min must be in [0, 1)", alpha_min);
  check_sigma_min(schedule, sigma_min);
}

}  // namespace azula
