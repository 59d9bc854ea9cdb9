#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <string>

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// Returns the time of sample j where all samples have the same time.
inline double sample_time(double t, Eigen::Index) { return t; }

/// Returns the time of sample j where each sample has its own.
inline double sample_time(const SampleTimes& times, Eigen::Index j) { return times(j); }

/// Checks that there is a value for each sample of x.
/// \param what  names one of the values in the message: "a time"
/// \throws std::invalid_argument if there are more or fewer values than samples.
template <State X>
void require_per_sample(const Eigen::ArrayXd& values, const X& x, const char* where, const char* what) {
  const std::ptrdiff_t count = sample_shape(x).samples;
  if (values.size() == count) return;
  reject(where, join({"there must be ", what, " for each of the ", std::to_string(count), " samples"}),
         std::to_string(values.size()));
}

}  // namespace azula
