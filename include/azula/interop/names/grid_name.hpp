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

/// A grid of times of another system by the name that it has there: a line of a table.
template <class S>
struct GridName {
  std::string_view name;
  std::vector<double> (*times)(const ModelSigmas<S>& model, std::ptrdiff_t steps);  ///< none: there is none here
  std::string remark;  ///< what it is, or why there is none
};

/// The times of a grid for so many steps.
/// \throws std::invalid_argument with the list of names, with the reason if there is no such grid here, and unless the
/// steps are from 1 to those of training.
template <class S>
std::vector<double> times_of(const std::vector<GridName<S>>& table, const char* where, std::string_view name,
                             const ModelSigmas<S>& model, std::ptrdiff_t steps) {
  const GridName<S>& line = line_of(table, where, name);
  if (!line.times) throw std::invalid_argument(join({"azula::", where, ": ", name, ": ", line.remark}));
  check_training_steps(steps, model.steps(), where);
  return line.times(model, steps);
}

}  // namespace azula::names
