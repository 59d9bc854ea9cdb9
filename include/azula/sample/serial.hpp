#pragma once
/// \file

#include <cstddef>

namespace azula {

/// The default executor of a sampler: it runs all tasks one after the other on the caller's thread.
struct Serial {
  static constexpr int size() { return 1; }  ///< the number of tasks at once: 1

  /// Calls task(0), …, task(count - 1) in this order.
  template <class Task>
  static void run(std::size_t count, const Task& task) {
    for (std::size_t i = 0; i < count; ++i) task(i);
  }
};

}  // namespace azula
