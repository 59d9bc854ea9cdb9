#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The largest size of a number in the stages, which the scalar of a state must be able to hold.
/// \param history  how many predictions a run remembers, the current one included
/// \throws std::invalid_argument if a number is not finite, or a stage uses more predictions than are remembered.
inline double largest_coefficient(const std::vector<Stage>& stages, const std::string& method, int history) {
  double largest = 0;
  for (const Stage& stage : stages) {
    const auto hold = [&](double weight) {
      if (!is_finite(weight)) {
        reject("Sampler", join({"the coefficients of ", method, " must be finite at time ", show(stage.time)}), show(weight));
      }
      largest = std::max(largest, std::fabs(weight));
    };
    if (stage.older < 0 || stage.older >= std::min(history, max_older + 1)) {
      reject("Sampler", join({method, " must use less predictions before than its history, ", std::to_string(history)}),
             std::to_string(stage.older));
    }
    for (const double weight : {stage.a, stage.b, stage.c, stage.u, stage.v}) hold(weight);
    for (int j = 0; j < stage.older; ++j) hold(stage.h[static_cast<std::size_t>(j)]);
  }
  return largest;
}

}  // namespace azula
