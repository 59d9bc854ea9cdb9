#pragma once
/// \file

#include <cstddef>
#include <string>
#include <string_view>

#include "azula/error.hpp"

namespace azula {

/// The current position of a reader in a text file, for error messages.
struct TablePlace {
  std::string name;         ///< the name of the file
  std::ptrdiff_t line = 0;  ///< the current line, from 1; 0 before the first

  /// Throws an error that names this position.
  /// \throws std::invalid_argument always: "azula::read_stages: <name>, line 3, column a: <rule>, got <value>".
  [[noreturn]] void fail(std::string_view rule, std::string_view value, std::string_view column = "") const {
    constexpr std::size_t most = 60;  // a value may be a whole page without blanks
    reject("read_stages", join({name, ", line ", std::to_string(line), column.empty() ? "" : ", column ", column, ": ",
                                rule}), value.substr(0, most));
  }
};

}  // namespace azula
