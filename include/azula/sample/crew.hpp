#pragma once
/// \file

#include <atomic>
#include <concepts>
#include <cstddef>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

namespace azula {

/// A token that tells whether to stop and can be asked by several threads at once: std::stop_token, or any type with
/// stop_requested(). Such a type is needed with libc++ 19, which has no std::stop_token.
template <class T>
concept StopToken = std::copy_constructible<T> && requires(const T& stop) {
  { stop.stop_requested() } -> std::convertible_to<bool>;
};

/// The token of work that always runs to its end.
struct NeverStopped {
  static bool stop_requested() { return false; }
};

/// Runs tasks in parallel, the first on the caller's thread and each of the others on a thread of its own. Tasks should
/// end soon after goes_on() has become false, which happens on a stop request or when a task has thrown.
template <StopToken Stop = NeverStopped>
class Crew {
 public:
  explicit Crew(Stop stop = {}) : stop_(std::move(stop)) {}

  bool goes_on() const { return !failed_ && !stop_.stop_requested(); }

  /// Runs task(0), …, task(count - 1) and waits for all.
  /// \throws what a task has thrown; if several have, the exception of the task with the lowest number.
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
  /// Threads that are joined on destruction. std::jthread is missing in libc++ 19.
  struct Others {
    Others() = default;
    Others(const Others&) = delete;
    Others& operator=(const Others&) = delete;
    ~Others() {
      for (std::thread& thread : threads) thread.join();
    }

    std::vector<std::thread> threads;
  };

  template <class Guarded>
  void work(std::size_t count, const Guarded& guarded) {
    Others others;  // joins its threads when this function returns or throws
    try {
      for (std::size_t i = 1; i < count; ++i) others.threads.emplace_back(guarded, i);
    } catch (...) {  // the system cannot start another thread
      failed_ = true;
      throw;
    }
    if (count > 0) guarded(0);
  }

  Stop stop_;
  std::atomic<bool> failed_ = false;
};

}  // namespace azula
