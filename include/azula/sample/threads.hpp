#pragma once
/// \file
/// Threads that share the work on one large state. Not part of azula.hpp.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "azula/error.hpp"

namespace azula {

/// A set of threads that share the update and the noise of one large state.
///
/// Use it if a single sample is large, such as the latents of a video, which azula::parallel cannot split.
///
///     #include <azula/azula.hpp>
///     #include <azula/sample/threads.hpp>
///
///     int main() {
///       azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{});
///       const auto sampler = azula::Sampler(denoiser, azula::DDPM{}, {.steps = 20}).on(azula::Threads(2));
///       Eigen::ArrayXf x(12'000'000);
///       azula::NormalSource random(42);
///       sampler.init(x, random);
///       x = sampler(x, random);   // the same bits as on one thread
///     }
///
/// This object is a handle: its copies share the threads. The threads sleep between two updates and end with the last
/// copy. The denoiser is called on the caller's thread and may use threads of its own. While one run uses the threads,
/// any other run that needs them continues alone on its own thread. Nothing is allocated after the constructor.
class Threads {
 public:
  /// Starts the threads.
  /// \param count  number of threads including the caller's; 0 means as many as the machine runs at once
  /// \throws std::invalid_argument if `count` is negative or above 1024; std::system_error if the system cannot start a
  /// thread.
  explicit Threads(int count = 0) {
    require(count >= 0 && count <= 1024, "Threads", "the number of threads must be from 0 to 1024", count);
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());  // 0 if unknown
    team_ = std::make_shared<Team>(count > 0 ? count : (std::max)(1, cores));
  }

  int size() const { return team_->size(); }  ///< the number of threads, including the caller's

  /// Calls task(0), …, task(count - 1), each exactly once and on any of the threads, and returns when all calls have
  /// returned. A task must not throw.
  template <class Task>
  void run(std::size_t count, const Task& task) const {
    team_->run(count, {&task, [](const void* given, std::size_t i) { (*static_cast<const Task*>(given))(i); }});
  }

 private:
  /// A reference to a task without its type. std::function is not used, because it might allocate.
  struct Call {
    const void* task = nullptr;
    void (*call)(const void*, std::size_t) = nullptr;
  };

  class Team {
   public:
    explicit Team(int size) {
      try {
        for (int i = 1; i < size; ++i) others_.emplace_back([this] { serve(); });
      } catch (...) {
        end();
        throw;
      }
    }
    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;
    ~Team() { end(); }

    int size() const { return static_cast<int>(others_.size()) + 1; }

    void run(std::size_t count, const Call& call) {
      if (others_.empty() || busy_.exchange(true)) {
        for (std::size_t i = 0; i < count; ++i) call.call(call.task, i);
        return;
      }
      {
        const std::lock_guard<std::mutex> lock(state_);
        call_ = call;
        count_ = count;
        next_ = 0;
        working_ = others_.size();
        ++round_;
      }
      begin_.notify_all();
      work();
      std::unique_lock<std::mutex> lock(state_);
      done_.wait(lock, [this] { return working_ == 0; });
      busy_ = false;
    }

   private:
    void serve() {
      for (std::uint64_t seen = 0;;) {
        {
          std::unique_lock<std::mutex> lock(state_);
          begin_.wait(lock, [&] { return ended_ || round_ != seen; });
          if (ended_) return;
          seen = round_;
        }
        work();
        const std::lock_guard<std::mutex> lock(state_);
        if (--working_ == 0) done_.notify_one();
      }
    }

    void work() {
      for (std::size_t i = next_++; i < count_; i = next_++) call_.call(call_.task, i);
    }

    void end() {
      {
        const std::lock_guard<std::mutex> lock(state_);
        ended_ = true;
      }
      begin_.notify_all();
      for (std::thread& thread : others_) thread.join();
    }

    std::atomic<bool> busy_ = false;  // whether a run uses the threads; this call may come from one of its tasks
    std::mutex state_;                // guards the members below, except next_
    std::condition_variable begin_, done_;
    Call call_;
    std::size_t count_ = 0, working_ = 0;  // number of tasks; number of threads still busy in this round
    std::uint64_t round_ = 0;
    bool ended_ = false;
    std::atomic<std::size_t> next_ = 0;  // index of the next task
    std::vector<std::thread> others_;
  };

  std::shared_ptr<Team> team_;
};

}  // namespace azula
