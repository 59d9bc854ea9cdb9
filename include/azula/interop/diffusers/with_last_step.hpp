#pragma once
/// \file

#include <cstddef>
#include <string>
#include <vector>

#include "azula/method/any_method.hpp"

namespace azula::diffusers {

/// A method that makes the last step by another method, as the key `euler_at_final` asks for.
struct WithLastStep {
  static constexpr int history = AnyMethod::history;

  AnyMethod method, last;

  std::string name() const { return method.name(); }
  void check() const {
    method.check();
    last.check();
  }
  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    (i + 2 == grid.size() ? last : method).append(stages, grid, i);
  }
};

}  // namespace azula::diffusers
