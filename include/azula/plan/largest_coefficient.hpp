#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// The largest absolute value of all coefficients in the stages, which the scalar of a state must be able to represent.
/// \param history  how many predictions a run remembers, including the current one
/// \throws std::invalid_argument if a coefficient is not finite, or a stage uses more predictions than are remembered.
inline double largest_coefficient(const std::vector<Stage>& stages, const std::string& method, int history) {
  double largest = 0;
  for (const Stage& stage : stages) {
    require(stage.older >= 0 && stage.older < (std::min)(history, max_older + 1), method.c_str(),
            "a stage must use fewer predictions before than the method's history", stage.older);
    const auto hold = [&](double weight) {
      require_finite(method.c_str(), "with these times and options the coefficients must be finite", weight);
      largest = (std::max)(largest, std::fabs(weight));
    };
    for (const double weight : {stage.a, stage.b, stage.c, stage.u, stage.v}) hold(weight);
    for (int j = 0; j < stage.older; ++j) hold(stage.h[static_cast<std::size_t>(j)]);
  }
  return largest;
}

}  // namespace azula
