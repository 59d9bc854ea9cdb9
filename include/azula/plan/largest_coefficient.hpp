#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/is_finite.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// Throws the error for a coefficient of step i that is not finite.
/// \throws std::invalid_argument always: "azula::<method>: …, in the step from time 0.1 to 0 (sigma = 0 there), got nan".
[[noreturn]] inline void refuse_coefficient(const std::string& method, const TimeGrid& grid, std::size_t i, double value) {
  const Node &t = grid[i], &s = grid[i + 1];
  const char* at = t.alpha == 0 ? " (alpha = 0 where it begins)" : s.sigma == 0 ? " (sigma = 0 there)" :
                   s.alpha == 0 ? " (alpha = 0 there)" : "";
  reject(method,
         join({"with these times and options the coefficients must be finite, in the step from time ", show(t.t), " to ",
               show(s.t), at}),
         show(value));
}

/// The largest absolute value of all coefficients in the stages, which the scalar of a state must be able to represent.
/// \param history  how many predictions a run remembers, including the current one
/// \param grid  the times of the steps, for the error message
/// \throws std::invalid_argument if a coefficient is not finite, or a stage uses more predictions than are remembered.
inline double largest_coefficient(const std::vector<Stage>& stages, const std::string& method, int history,
                                  const TimeGrid& grid) {
  double largest = 0;
  for (const Stage& stage : stages) {
    require(stage.older >= 0 && stage.older < (std::min)(history, max_older + 1), method.c_str(),
            "a stage must use fewer predictions before than the method's history", stage.older);
    const auto hold = [&](double weight) {
      if (!is_finite(weight)) refuse_coefficient(method, grid, static_cast<std::size_t>(stage.step), weight);
      largest = (std::max)(largest, std::fabs(weight));
    };
    for (const double weight : {stage.a, stage.b, stage.c, stage.u, stage.v}) hold(weight);
    for (int j = 0; j < stage.older; ++j) hold(stage.h[static_cast<std::size_t>(j)]);
  }
  return largest;
}

}  // namespace azula
