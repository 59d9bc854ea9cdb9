#pragma once
/// \file

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/method/any_method.hpp"

namespace azula::names {

/// A line of a table of samplers: the name of a sampler in another system, and the equivalent method of azula.
struct SolverName {
  std::string_view name;  ///< name in the other system
  std::string method;     ///< name of the method for AnyMethod; empty if azula has none
  MethodOptions options;  ///< options with which the method equals the other system's
  std::string remark;     ///< where the numbers differ, or why azula has no such method
};

/// Makes a line for a sampler that azula has as `method`. `remark` says where the numbers of the two differ, if they
/// do.
inline SolverName is(std::string_view name, std::string method, MethodOptions options = {}, std::string remark = {}) {
  return {name, std::move(method), std::move(options), std::move(remark)};
}

/// Makes a line for a sampler that azula does not have, with the reason.
inline SolverName is_not(std::string_view name, std::string reason) { return {name, {}, {}, std::move(reason)}; }

/// Finds the line of a table that has this name. Line is any type with a member `name`.
/// \param where  name of the calling function, for messages
/// \throws std::invalid_argument if there is no such line; the message lists the names.
template <class Line>
const Line& line_of(const std::vector<Line>& table, const char* where, std::string_view name) {
  std::string list;
  for (const Line& line : table) {
    if (line.name == name) return line;
    list += join({list.empty() ? "" : ", ", line.name});
  }
  reject(where, join({"the name must be one of ", list}), join({"\"", name, "\""}));
}

/// Makes the method that a name of a table stands for. `options` override the options of the table.
/// \throws std::invalid_argument as line_of() and AnyMethod do, and if azula has no such method; the message says why.
inline AnyMethod method_of(const std::vector<SolverName>& table, const char* where, std::string_view name,
                           MethodOptions options) {
  const SolverName& line = line_of(table, where, name);
  if (line.method.empty()) throw std::invalid_argument(join({"azula::", where, ": ", name, ": ", line.remark}));
  options.insert(line.options.begin(), line.options.end());
  return AnyMethod(line.method, options);
}

}  // namespace azula::names
