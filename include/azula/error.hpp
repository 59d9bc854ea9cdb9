#pragma once
/// \file
/// The one form of the library's messages: "azula::Sampler: steps must be at least 1, got 0".

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include "azula/is_finite.hpp"

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

/// \throws std::invalid_argument unless `holds` and the value is finite. That is told by its bits: under -ffast-math
/// compilers take the answer of a comparison with NaN for granted.
inline void require(bool holds, const char* where, const char* rule, double value) {
  if (!holds || !is_finite(value)) reject(where, rule, show(value));
}

/// \throws std::invalid_argument unless the value is finite.
inline void require_finite(const char* where, const char* rule, double value) { require(true, where, rule, value); }

/// As require(), for a value that may be infinite: a bound that is none, as `high` or `s_max`.
inline void require_bound(bool holds, const char* where, const char* rule, double value) {
  if (!holds || is_nan(value)) reject(where, rule, show(value));
}

/// \throws std::invalid_argument unless low <= value <= high: "azula::<where>: <what> must be in [0, 1], got 2".
inline void require_in(double low, double high, const char* where, const char* what, double value) {
  if (value >= low && value <= high && is_finite(value)) return;
  reject(where, join({what, " must be in [", show(low), ", ", show(high), "]"}), show(value));
}

/// The most steps of a grid or a schedule, of which lists are made: far more than anybody needs, and a sentence in place of
/// memory that runs out.
inline constexpr std::ptrdiff_t most_steps = 1'000'000;

/// \throws std::invalid_argument unless `least` <= value <= most_steps; `what` is the name of the option.
inline void require_count(std::ptrdiff_t value, std::ptrdiff_t least, const char* where, const char* what) {
  if (value < least) reject(where, join({what, " must be at least ", std::to_string(least)}), std::to_string(value));
  if (value > most_steps) reject(where, join({what, " must be at most ", std::to_string(most_steps)}), std::to_string(value));
}

}  // namespace azula
