#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"

namespace azula {

/// Whether a ring buffer of `size` predictions, including the current one, is enough for these stages: no stage may
/// read a prediction that has been overwritten. A stage writes the current slot before it reads the older ones.
inline bool ring_suffices(const std::vector<Stage>& stages, std::size_t size) {
  std::vector<std::size_t> written(size, 0);  // per slot: the last prediction written, counted from 1 without wrapping
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

/// The smallest number of predictions that a run of these stages must hold, including the current one. It can be less
/// than the method's history, for example if there are few steps.
/// \param history  the largest number of predictions that the method may need
/// \throws std::invalid_argument if `history` is not enough.
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
