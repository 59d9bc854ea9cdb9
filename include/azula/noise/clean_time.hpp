#pragma once
/// \file

#include "azula/error.hpp"

namespace azula {

/// Returns the time at which a schedule has no noise left, σ = 0: its clean_time() if it has that member, otherwise 0.
/// \param where  the function that needs the clean end, for the error message
/// \throws std::invalid_argument if σ is positive at that time.
template <class S>
double clean_time(const S& schedule, const char* where) {
  double t = 0;
  if constexpr (requires { schedule.clean_time(); }) t = schedule.clean_time();
  const double sigma = schedule(t).sigma;
  require(sigma == 0, where, "a clean end needs a schedule that ends at sigma = 0", sigma);
  return t;
}

}  // namespace azula
