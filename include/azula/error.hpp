#pragma once
/// \file
/// The one form of the library's messages: "azula::Sampler: steps must be at least 1, got 0".

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace azula {

/// A number as a message shows it: ten digits, no trailing zeros.
inline std::string show(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

/// The parts of a message in a row. A chain of + would be compiled anew at every place that may throw.
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

/// \throws std::invalid_argument always: "azula::<where>: <rule>, got <value>".
[[noreturn]] inline void reject(std::string_view where, std::string_view rule, std::string_view value) {
  throw std::invalid_argument(join({"azula::", where, ": ", rule, ", got ", value}));
}

/// \throws std::invalid_argument unless `holds`. Write conditions so that NaN fails them.
inline void require(bool holds, const char* where, const char* rule, double value) {
  if (!holds) reject(where, rule, show(value));
}

/// The most steps of a grid, training steps or whatever else is counted: far more than anybody needs, and a sentence
/// in place of memory that runs out.
inline constexpr std::ptrdiff_t max_count = 1'000'000;

/// \throws std::invalid_argument unless `least` <= value <= max_count; `what` is the name of the option.
inline void require_count(std::ptrdiff_t value, std::ptrdiff_t least, const char* where, const char* what) {
  if (value < least) reject(where, join({what, " must be at least ", std::to_string(least)}), std::to_string(value));
  if (value > max_count) reject(where, join({what, " must be at most ", std::to_string(max_count)}), std::to_string(value));
}

}  // namespace azula
