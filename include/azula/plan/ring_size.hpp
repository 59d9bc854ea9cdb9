#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// Whether each stage finds what it reads in a ring of `size` predictions, the current one included, whose place is
/// written first.
inline bool ring_suffices(const std::vector<Stage>& stages, std::size_t size) {
  std::vector<std::size_t> written(size, 0);  // which place of a ring without end was written last, from 1
  std::size_t place = 1;
  for (const Stage& stage : stages) {
    written[place % size] = place;
    for (std::size_t j = 1; j <= static_cast<std::size_t>(stage.older) && j < place; ++j) {
      if (written[(place - j) % size] != place - j) return false;
    }
    if (!stage.evaluates) continue;
    place += 1;
    place -= (std::min)(place - 1, static_cast<std::size_t>((std::max)(stage.drop, 0)));
  }
  return true;
}

/// How many predictions a run of these stages must hold, the current one included: the size of the smallest ring that
/// suffices. A method says how many it may need; with few steps, say, it needs fewer.
/// \throws std::invalid_argument if `history`, which is what the method says, does not suffice.
inline std::size_t ring_size(const std::vector<Stage>& stages, const std::string& method, int history) {
  std::size_t size = 1;
  for (const Stage& stage : stages) size = (std::max)(size, static_cast<std::size_t>(stage.older) + 1);
  while (size <= static_cast<std::size_t>(history) && !ring_suffices(stages, size)) ++size;
  if (size > static_cast<std::size_t>(history)) {
    reject(method, "the method's history must hold what its stages read", std::to_string(history));
  }
  return size;
}

}  // namespace azula
