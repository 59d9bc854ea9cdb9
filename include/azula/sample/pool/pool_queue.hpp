#pragma once
/// \file

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <vector>

#include "azula/state.hpp"

namespace azula {

/// The part of a Pool that several threads share: waiting requests, and the numbers of requests to cancel.
template <State X, class Run>
class PoolQueue {
 public:
  /// Appends a request.
  /// \param one     a list with the request, which is moved out of it
  /// \param sample  a state with one sample of the request's shape; its values are ignored
  /// \throws std::invalid_argument if earlier samples had a different shape; std::logic_error after close().
  void push(std::list<Run>& one, const X& sample) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) throw std::logic_error("azula::Pool: submit() after close()");
      if (!sample_) sample_ = sample;
      require_shape(sample, *sample_, "Pool", "states must have samples of the shape of those before");
      waiting_.splice(waiting_.end(), one);
      ++size_;
    }
    arrived_.notify_one();
  }

  void cancel(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    if (size_ > 0) cancels_.push_back(id);
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }

  /// The number of requests that have come and not left.
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return size_;
  }

  /// Sleeps until there are requests or the queue is closed.
  /// \return false after close(), once all requests have left
  bool wait() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return size_ > 0 || closed_; });
    return size_ > 0;
  }

  /// Marks requests as cancelled. Waiting ones are moved to `active`, from which the pool removes all requests that
  /// have ended.
  void take_cancels(std::list<Run>& active) {
    const std::lock_guard lock(mutex_);
    for (const std::uint64_t id : cancels_) {
      if (const auto found = find(active, id); found != active.end()) {
        if (!found->ended()) found->cancel();
      } else if (const auto there = find(waiting_, id); there != waiting_.end()) {
        there->cancel();
        active.splice(active.end(), waiting_, there);
      }
    }
    cancels_.clear();
  }

  /// Takes the requests at the front of the queue, as long as they fit into `room` samples.
  std::list<Run> take(std::ptrdiff_t room) {
    std::list<Run> taken;
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty() && waiting_.front().samples() <= room) {
      room -= waiting_.front().samples();
      taken.splice(taken.end(), waiting_, waiting_.begin());
    }
    return taken;
  }

  /// Counts a request that has left.
  void count_out() {
    const std::lock_guard lock(mutex_);
    --size_;
  }

 private:
  static auto find(std::list<Run>& runs, std::uint64_t id) {
    return std::find_if(runs.begin(), runs.end(), [&](const Run& run) { return run.id() == id; });
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::list<Run> waiting_;
  std::vector<std::uint64_t> cancels_;
  std::optional<X> sample_;
  std::size_t size_ = 0;
  bool closed_ = false;
};

}  // namespace azula
