#pragma once
/// \file

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "azula/method/method_options.hpp"
#include "azula/method/option_table.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// A method whose type has been erased: the functions of the concept Method, for a method behind a pointer.
struct MethodParts {
  std::shared_ptr<const void> method;
  void (*check)(const void* method);
  void (*append)(const void* method, std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i);
  std::string name;
  std::vector<std::string_view> options;  ///< the names of the method's options
};

/// Sets the options and lists their names. It is not a template, so that it is compiled once for all methods.
inline MethodParts with_options(MethodParts parts, const std::vector<OptionPlace>& found,
                                const MethodOptions& options) {
  set_options(parts.name, found, options);
  for (const OptionPlace& option : found) parts.options.push_back(option.name);
  return parts;
}

/// Erases the type of a method, after its options have been set.
/// \throws std::invalid_argument as set_options().
template <class M>
MethodParts parts_of(M method, const MethodOptions& options = {}) {
  const auto shared = std::make_shared<M>(std::move(method));
  std::vector<OptionPlace> found;
  find_options(*shared, found);
  const auto check = [](const void* m) { static_cast<const M*>(m)->check(); };
  const auto append = [](const void* m, std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) {
    static_cast<const M*>(m)->append(stages, grid, i);
  };
  return with_options({shared, check, append, shared->name(), {}}, found, options);
}

}  // namespace azula
