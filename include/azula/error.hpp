#pragma once
/// \file
/// Helpers that throw exceptions with messages of one form: "azula::Sampler: steps must be at least 1, got 0".

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "azula/is_finite.hpp"

namespace azula {

/// Formats a number for a message: ten significant digits, no trailing zeros.
inline std::string show(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

/// Concatenates the parts of a message. A chain of + would compile to more code at every place that may throw.
inline std::string join(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

/// Throws the standard error of the library.
/// \throws std::invalid_argument always: "azula::<where>: <rule>, got <value>".
[[noreturn]] inline void reject(std::string_view where, std::string_view rule, std::string_view value) {
  throw std::invalid_argument(join({"azula::", where, ": ", rule, ", got ", value}));
}

/// Checks an option: the condition must hold and the value must be finite.
///
/// Finiteness is tested by the bits of the value, because under -ffast-math a compiler may assume that NaN never
/// occurs.
/// \throws std::invalid_argument unless `holds` and the value is finite.
inline void require(bool holds, const char* where, const char* rule, double value) {
  if (!holds || !is_finite(value)) reject(where, rule, show(value));
}

/// Checks that a value is finite.
/// \throws std::invalid_argument if it is not.
inline void require_finite(const char* where, const char* rule, double value) { require(true, where, rule, value); }

/// Checks an option that may be infinite, such as a bound (`high`, `s_max`) that is not in force.
/// \throws std::invalid_argument unless `holds` and the value is not NaN.
inline void require_bound(bool holds, const char* where, const char* rule, double value) {
  if (!holds || is_nan(value)) reject(where, rule, show(value));
}

/// Checks that a value is in an interval.
/// \throws std::invalid_argument unless low <= value <= high: "azula::<where>: <what> must be in [0, 1], got 2".
inline void require_in(double low, double high, const char* where, const char* what, double value) {
  if (value >= low && value <= high && is_finite(value)) return;
  reject(where, join({what, " must be in [", show(low), ", ", show(high), "]"}), show(value));
}

/// The largest number of steps of a time grid or a schedule. It is far more than anybody needs; a larger number gives a
/// clear error message instead of exhausting the memory.
inline constexpr std::ptrdiff_t most_steps = 1'000'000;

/// Checks a number of steps or of other things that are stored in lists.
/// \param what  the name of the option
/// \throws std::invalid_argument unless `least` <= value <= most_steps.
inline void require_count(std::ptrdiff_t value, std::ptrdiff_t least, const char* where, const char* what) {
  if (value < least) reject(where, join({what, " must be at least ", std::to_string(least)}), std::to_string(value));
  if (value > most_steps) reject(where, join({what, " must be at most ", std::to_string(most_steps)}), std::to_string(value));
}

}  // namespace azula
