#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace examples {

/// Tells on standard error what a program does and how far it is: at once, and then once a second at most. On a terminal
/// that is one line, which goes when the work is done; a file gets a line each time.
///
///     fashion: 100 images by xEAB2: 3 of 12 steps, 1.2 s
class Progress {
 public:
  /// \param unit  what is counted, in the plural
  Progress(std::string what, std::ptrdiff_t total, std::string unit);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void reached(std::ptrdiff_t done);
  void next() { reached(done_ + 1); }

  /// Before something else is printed.
  void clear() const;

 private:
  using Clock = std::chrono::steady_clock;

  void show() const;

  std::string what_, unit_;
  std::ptrdiff_t total_, done_ = 0;
  bool on_terminal_;
  Clock::time_point begin_ = Clock::now(), shown_ = begin_;
};

}  // namespace examples
