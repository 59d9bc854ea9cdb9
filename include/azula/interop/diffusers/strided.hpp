#pragma once
/// \file

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// A method whose steps lead ⌊T/N⌋ training steps down instead of to the next node, as DDIM and PNDM do in diffusers.
///
/// The two differ by rounding, or if N does not divide T.
struct Strided {
  static constexpr int history = AnyMethod::history;

  AnyMethod method;
  double stride;      ///< length of a step, in the schedule's time
  double first_step;  ///< the time of training step 0

  std::string name() const { return method.name(); }
  void check() const { method.check(); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    const double target = grid[i].t - stride;
    const Node& last = grid[grid.size() - 1];
    // Below training step 0 it leads to the last node. The tolerance allows for rounding of the target.
    const Node next = target < first_step * (1 - 1e-9) ? last : grid.at(target);
    method.append(stages, grid.replaced(i + 1, next), i);
  }
};

}  // namespace azula::diffusers
