#pragma once
/// \file

#include "azula/error.hpp"

namespace azula {

/// The time at which a schedule's σ is 0: its own clean_time(), or 0.
/// \throws std::invalid_argument if σ is positive there; `where` is the function that needs the clean end.
template <class S>
double clean_time(const S& schedule, const char* where) {
  double t = 0;
  if constexpr (requires { schedule.clean_time(); }) t = schedule.clean_time();
  const double sigma = schedule(t).sigma;
  require(sigma == 0, where, "a clean end needs a schedule that ends at sigma = 0", sigma);
  return t;
}

}  // namespace azula
