#pragma once
/// \file

#include <charconv>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "azula/is_finite.hpp"

namespace azula {

/// Reads the decimal number that the whole of a text is, with a point in every locale and to the nearest double.
/// \return false, and `value` is then of no meaning, if it is something else, not finite, or too large or small for a
/// double
template <class Number>
bool parse_number(std::string_view text, Number& value) {
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return false;  // nan, inf, 0x10
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) return false;
  }
  const char* const last = text.data() + text.size();
  if constexpr (requires { std::from_chars(text.data(), last, value); }) {
    const auto [end, error] = std::from_chars(text.data(), last, value);
    return error == std::errc{} && end == last && is_finite(value);
  } else {  // libc++ has that for integers alone, up to its version 19; here what is too small is 0
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    stream >> value;
    return !stream.fail() && stream.peek() == std::istringstream::traits_type::eof() && is_finite(value);
  }
}

}  // namespace azula
