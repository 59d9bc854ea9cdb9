#pragma once
/// \file

#include <atomic>
#include <cstddef>
#include <exception>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace azula {

/// Tasks side by side, each on a thread of its own but the first, which is on the caller's. They are expected
/// to end soon once goes_on() is false: after a stop request, or when one of them has thrown.
class Crew {
 public:
  explicit Crew(std::stop_token stop = {}) : stop_(std::move(stop)) {}

  bool goes_on() const { return !failed_ && !stop_.stop_requested(); }

  /// Runs task(0), …, task(count - 1) and waits for all.
  /// \throws what a task has thrown; if several have, what that of the lowest number has.
  template <class Task>
  void run(std::size_t count, const Task& task) {
    std::vector<std::exception_ptr> thrown(count);
    const auto guarded = [&](std::size_t i) noexcept {
      try {
        task(i);
      } catch (...) {
        thrown[i] = std::current_exception();
        failed_ = true;
      }
    };
    work(count, guarded);
    for (const std::exception_ptr& what : thrown) {
      if (what) std::rethrow_exception(what);
    }
  }

 private:
  template <class Guarded>
  void work(std::size_t count, const Guarded& guarded) {
    std::vector<std::jthread> others;  // joined when this returns or throws
    try {
      for (std::size_t i = 1; i < count; ++i) others.emplace_back(guarded, i);
    } catch (...) {  // there are no more threads to be had
      failed_ = true;
      throw;
    }
    if (count > 0) guarded(0);
  }

  std::stop_token stop_;
  std::atomic<bool> failed_ = false;
};

}  // namespace azula
