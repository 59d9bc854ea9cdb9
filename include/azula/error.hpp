#pragma once
/// \file
/// The one form of the library's messages: "azula::Sampler: steps must be at least 1, got 0".

#include <cstdio>
#include <stdexcept>
#include <string>

namespace azula {

/// A number as a message shows it: ten digits, no trailing zeros.
inline std::string show(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

/// \throws std::invalid_argument always: "azula::<where>: <rule>, got <value>".
[[noreturn]] inline void reject(const std::string& where, const std::string& rule,
                                const std::string& value) {
  throw std::invalid_argument("azula::" + where + ": " + rule + ", got " + value);
}

/// \throws std::invalid_argument unless `holds`. Write conditions so that NaN fails them.
inline void require(bool holds, const char* where, const char* rule, double value) {
  if (!holds) reject(where, rule, show(value));
}

}  // namespace azula
