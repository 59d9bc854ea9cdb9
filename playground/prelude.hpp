#pragma once
// What emscripten 3.1.6 needs before azula's headers. The compiler is told to include it first.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>
#include <version>

#ifndef __cpp_lib_bit_cast
// Its standard library is older than these functions of C++20, the compiler is not. As much of them as azula
// calls:
namespace std {

template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  return __builtin_bit_cast(To, from);
}

inline to_chars_result to_chars(char* first, char* last, double value, chars_format, int precision) {
  return {first + snprintf(first, static_cast<size_t>(last - first), "%.*g", precision, value), errc{}};
}

namespace ranges {

auto lower_bound(const auto& range, const auto& value, std::less<>, auto projection) {
  return std::lower_bound(range.begin(), range.end(), value,
                          [&](const auto& x, const auto& y) { return std::invoke(projection, x) < y; });
}

auto upper_bound(const auto& range, const auto& value, std::less<>, auto projection) {
  return std::upper_bound(range.begin(), range.end(), value,
                          [&](const auto& x, const auto& y) { return x < std::invoke(projection, y); });
}

}  // namespace ranges
}  // namespace std
#endif

// Its SSE is SIMD of WebAssembly, which has no registers "x" for the assembly in azula::opaque: values go
// through memory, as on every target that is not named there.
#ifdef __SSE2__
#undef __SSE2__
#include <azula/opaque.hpp>
#define __SSE2__ 1
#endif
