#pragma once
/// \file

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <type_traits>

#include "azula/sample/serial.hpp"

namespace azula {

/// The smallest number of values in a part. For fewer values it is not worth waking a thread.
inline constexpr std::ptrdiff_t smallest_part = 32768;

/// Splits the range 0, …, size - 1 into parts, calls body(begin, count) for each on an executor, and returns whether
/// all calls returned true. Parts begin at multiples of Block. All parts are processed even if one fails; an exception
/// is rethrown at the end.
template <std::ptrdiff_t Block, class E, class Body>
bool in_parts(const E& executor, std::ptrdiff_t size, const Body& body) {
  if constexpr (std::is_same_v<E, Serial>) {
    return body(std::ptrdiff_t{0}, size);
  } else {
    // Four parts per thread, so that a thread that is interrupted does not keep the others waiting for long.
    const auto parts = (std::min)(std::ptrdiff_t{4} * executor.size(), size / smallest_part);
    if (parts < 2 || executor.size() < 2) return body(std::ptrdiff_t{0}, size);
    const std::ptrdiff_t blocks = (size + Block - 1) / Block;
    const auto start = [&](std::ptrdiff_t part) { return (std::min)(size, Block * (blocks * part / parts)); };
    std::atomic<bool> good = true, thrown = false;
    std::exception_ptr what;
    executor.run(static_cast<std::size_t>(parts), [&](std::size_t i) noexcept {
      const auto part = static_cast<std::ptrdiff_t>(i);
      try {
        if (!body(start(part), start(part + 1) - start(part))) good = false;
      } catch (...) {
        if (!thrown.exchange(true)) what = std::current_exception();
      }
    });
    if (what) std::rethrow_exception(what);
    return good;
  }
}

}  // namespace azula
