#pragma once
/// \file
/// Several threads for one large state; not part of azula.hpp.

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

/// Threads that share the update and the noise of one state: what to use where a single sample is large, the latents of a
/// video say, which azula::parallel cannot cut.
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
///       x = sampler(x, random);   // the bits of one thread
///     }
///
/// They wait between two updates and end with the last copy of this object, which is a handle: copies share the threads.
/// The denoiser is called on the caller's thread and has threads of its own or not. While one run uses them, another one
/// that asks for them goes on alone on its own thread. Nothing is allocated after the constructor.
class Threads {
 public:
  /// \param count  with the caller's; 0: as many as the machine runs at once
  /// \throws std::invalid_argument if it is negative or above 1024; std::system_error if there are no threads to be had.
  explicit Threads(int count = 0) {
    require(count >= 0 && count <= 1024, "Threads", "the number of threads must be from 0 to 1024", count);
    const auto cores = static_cast<int>(std::thread::hardware_concurrency());  // 0: not known
    team_ = std::make_shared<Team>(count > 0 ? count : (std::max)(1, cores));
  }

  int size() const { return team_->size(); }  ///< with the caller's

  /// Calls task(0), …, task(count - 1), each once and on any of the threads, and returns when all have ended. A task must
  /// not throw.
  template <class Task>
  void run(std::size_t count, const Task& task) const {
    team_->run(count, {&task, [](const void* given, std::size_t i) { (*static_cast<const Task*>(given))(i); }});
  }

 private:
  /// A task without its type; std::function might allocate.
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

    std::atomic<bool> busy_ = false;  // a run uses the threads, maybe one that this is a task of
    std::mutex state_;                // of what follows, but for next_
    std::condition_variable begin_, done_;
    Call call_;
    std::size_t count_ = 0, working_ = 0;  // tasks; threads that have not finished this round
    std::uint64_t round_ = 0;
    bool ended_ = false;
    std::atomic<std::size_t> next_ = 0;  // task
    std::vector<std::thread> others_;
  };

  std::shared_ptr<Team> team_;
};

}  // namespace azula
