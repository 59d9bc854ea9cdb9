#pragma once
/// \file

#include <cstddef>

namespace azula {

/// The executor that a sampler has unless it is told otherwise: one part after the other, on the caller's thread.
struct Serial {
  static constexpr int size() { return 1; }  ///< one thread

  /// Calls the tasks in their order.
  template <class Task>
  static void run(std::size_t count, const Task& task) {
    for (std::size_t i = 0; i < count; ++i) task(i);
  }
};

}  // namespace azula
