#pragma once
/// \file

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "azula/error.hpp"
#include "azula/interop/names/model_sigmas.hpp"
#include "azula/interop/names/solver_name.hpp"

namespace azula::names {

/// A line of a table of time grids: the name of a grid in another system, and the function that makes its times.
template <class S>
struct GridName {
  std::string_view name;
  std::vector<double> (*times)(const ModelSigmas<S>& model, std::ptrdiff_t steps);  ///< null: azula has no such grid
  std::string remark;  ///< what the grid is, or why azula has none
};

/// Returns the times of a grid for a number of steps.
/// \throws std::invalid_argument if the table has no such name (the message lists the names), if azula has no such grid
/// (the message says why), or unless `steps` is from 1 to the number of training steps.
template <class S>
std::vector<double> times_of(const std::vector<GridName<S>>& table, const char* where, std::string_view name,
                             const ModelSigmas<S>& model, std::ptrdiff_t steps) {
  const GridName<S>& line = line_of(table, where, name);
  if (!line.times) throw std::invalid_argument(join({"azula::", where, ": ", name, ": ", line.remark}));
  check_training_steps(steps, model.steps(), where);
  return line.times(model, steps);
}

}  // namespace azula::names
