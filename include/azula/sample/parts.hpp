#pragma once
/// \file

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <type_traits>

#include "azula/sample/serial.hpp"

namespace azula {

/// Below this many values a part is not worth a thread's waking.
inline constexpr std::ptrdiff_t smallest_part = 32768;

/// Whether body(begin, count) is true for all of 0, …, size - 1, cut by an executor into parts that begin at multiples of
/// Block. Every part is done, and what one of them has thrown is thrown again.
template <std::ptrdiff_t Block, class E, class Body>
bool in_parts(const E& executor, std::ptrdiff_t size, const Body& body) {
  if constexpr (std::is_same_v<E, Serial>) {
    return body(std::ptrdiff_t{0}, size);
  } else {
    // Four for each thread, so that one that is kept from its work does not keep the others waiting long.
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
