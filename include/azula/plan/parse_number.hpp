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

/// Parses a text that consists of one decimal number. The decimal separator is a point in every locale, and the result
/// is the nearest double.
/// \return false if the text is anything else, or the number is not finite, or too large or too small for a double;
/// `value` is then meaningless
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
  } else {  // libc++ up to version 19 has from_chars for integers only; here, a number that is too small becomes 0
    std::istringstream stream{std::string(text)};
    stream.imbue(std::locale::classic());
    stream >> value;
    return !stream.fail() && stream.peek() == std::istringstream::traits_type::eof() && is_finite(value);
  }
}

}  // namespace azula
