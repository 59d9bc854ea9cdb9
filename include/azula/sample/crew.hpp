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

/// What can be asked whether to stop, by several threads at once: a std::stop_token, or in its place, as libc++ 19 has
/// none, any type with this function.
template <class T>
concept StopToken = std::copy_constructible<T> && requires(const T& stop) {
  { stop.stop_requested() } -> std::convertible_to<bool>;
};

/// The token of what runs to its end.
struct NeverStopped {
  static bool stop_requested() { return false; }
};

/// Tasks side by side, each on a thread of its own but the first, which is on the caller's. They are expected
/// to end soon once goes_on() is false: after a stop request, or when one of them has thrown.
template <StopToken Stop = NeverStopped>
class Crew {
 public:
  explicit Crew(Stop stop = {}) : stop_(std::move(stop)) {}

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
  /// Not of std::jthread, which libc++ 19 lacks.
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
    Others others;  // joined when this returns or throws
    try {
      for (std::size_t i = 1; i < count; ++i) others.threads.emplace_back(guarded, i);
    } catch (...) {  // there are no more threads to be had
      failed_ = true;
      throw;
    }
    if (count > 0) guarded(0);
  }

  Stop stop_;
  std::atomic<bool> failed_ = false;
};

}  // namespace azula
