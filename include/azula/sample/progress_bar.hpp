#pragma once
/// \file

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace azula {

/// The bar that a sampler with silent = false shows on standard error: only if that is a terminal, and
/// only once the run has lasted half a second. It erases itself at the end.
///
///     zAB<3> |############------------| 16/32  1.2 s
class ProgressBar {
 public:
  explicit ProgressBar(bool silent) : active_(!silent && on_terminal()) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (drawn_) std::fputs("\r\033[K", stderr);
  }

  void show(const std::string& name, std::ptrdiff_t done, std::ptrdiff_t steps) {
    if (!active_) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
    if (seconds < 0.5) return;
    constexpr std::ptrdiff_t width = 24;
    const auto filled = static_cast<std::size_t>(width * done / steps);
    const std::string bar = std::string(filled, '#') + std::string(width - filled, '-');
    std::fprintf(stderr, "\r%s |%s| %td/%td  %.1f s\033[K", name.c_str(), bar.c_str(), done, steps, seconds);
    drawn_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static bool on_terminal() {
#if __has_include(<unistd.h>)
    return isatty(STDERR_FILENO) == 1;
#else
    return false;
#endif
  }

  bool active_;
  bool drawn_ = false;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace azula
