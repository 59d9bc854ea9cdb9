#pragma once
/// \file

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/method/any_method.hpp"

namespace azula::names {

/// A sampler of another system by the name that it has there, and what it is here: a line of a table.
struct SolverName {
  std::string_view name;  ///< there
  std::string method;     ///< for AnyMethod; empty if there is none
  MethodOptions options;  ///< that make it theirs
  std::string remark;     ///< where their numbers differ, or why there is none
};

/// The names `method`; `remark` says where their numbers differ from ours, if they do.
inline SolverName is(std::string_view name, std::string method, MethodOptions options = {}, std::string remark = {}) {
  return {name, std::move(method), std::move(options), std::move(remark)};
}

/// A name for which there is no method here, and why.
inline SolverName is_not(std::string_view name, std::string reason) { return {name, {}, {}, std::move(reason)}; }

/// The line of a table that has this name. Lines are of any type that has `name`.
/// \throws std::invalid_argument with the list, if there is none; `where` is the function that was asked.
template <class Line>
const Line& line_of(const std::vector<Line>& table, const char* where, std::string_view name) {
  std::string list;
  for (const Line& line : table) {
    if (line.name == name) return line;
    list += join({list.empty() ? "" : ", ", line.name});
  }
  reject(where, join({"the name must be one of ", list}), join({"\"", name, "\""}));
}

/// The method that `name` is. Options given here count before those that the name has.
/// \throws std::invalid_argument with the reason if there is no method of that name here, and as AnyMethod.
inline AnyMethod method_of(const std::vector<SolverName>& table, const char* where, std::string_view name,
                           MethodOptions options) {
  const SolverName& line = line_of(table, where, name);
  if (line.method.empty()) throw std::invalid_argument(join({"azula::", where, ": ", name, ": ", line.remark}));
  options.insert(line.options.begin(), line.options.end());
  return AnyMethod(line.method, options);
}

}  // namespace azula::names
