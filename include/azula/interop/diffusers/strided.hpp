#pragma once
/// \file

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// A method whose steps do not lead to the next node but ⌊T/N⌋ training steps down, where the reference takes
/// the scales from (DDIM, PNDM). The two differ where N does not divide T, or by rounding.
struct Strided {
  static constexpr int history = AnyMethod::history;

  AnyMethod method;
  double stride;      ///< in the schedule's time
  double first_step;  ///< the time of training step 0

  std::string name() const { return method.name(); }
  void check() const { method.check(); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const double target = grid[i].t - stride;
    const Node& last = grid[grid.size() - 1];
    // Below training step 0, which a rounding may have moved: there the last node is.
    const Node next = target < first_step * (1 - 1e-9) ? last : grid.at(target);
    method.append(stages, grid.replaced(i + 1, next), i);
  }
};

}  // namespace azula::diffusers
