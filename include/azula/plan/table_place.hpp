#pragma once
/// \file

#include <cstddef>
#include <string>
#include <string_view>

#include "azula/error.hpp"

namespace azula {

/// Where in a text file a reader is.
struct TablePlace {
  std::string name;         ///< of the file
  std::ptrdiff_t line = 0;  ///< from 1; 0 before the first

  /// \throws std::invalid_argument always: "azula::read_stages: <name>, line 3, column a: <rule>, got <value>".
  [[noreturn]] void fail(std::string_view rule, std::string_view value, std::string_view column = "") const {
    constexpr std::size_t most = 60;  // of what may be a page without blanks
    reject("read_stages", join({name, ", line ", std::to_string(line), column.empty() ? "" : ", column ", column, ": ",
                                rule}), value.substr(0, most));
  }
};

}  // namespace azula
