#pragma once
/// \file

#include <cstddef>
#include <cstdio>
#include <ctime>
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
  explicit ProgressBar(bool silent) : active_(!silent && on_terminal()), begin_(active_ ? now() : 0) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (drawn_) std::fputs("\r\033[K", stderr);
  }

  void show(const std::string& name, std::ptrdiff_t done, std::ptrdiff_t steps) {
    if (!active_) return;
    const double seconds = now() - begin_;
    if (seconds < 0.5) return;
    constexpr std::ptrdiff_t width = 24;
    const auto filled = static_cast<int>(width * done / steps);
    std::fprintf(stderr, "\r%s |%.*s%.*s| %td/%td  %.1f s\033[K", name.c_str(), filled, "########################",
                 static_cast<int>(width) - filled, "------------------------", done, steps, seconds);
    drawn_ = true;
  }

 private:
  /// Seconds. Not by <chrono>, which every program would take longer to compile for.
  static double now() {
    std::timespec time{};
    std::timespec_get(&time, TIME_UTC);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  static bool on_terminal() {
#if __has_include(<unistd.h>)
    return isatty(STDERR_FILENO) == 1;
#else
    return false;
#endif
  }

  bool active_;
  double begin_;
  bool drawn_ = false;
};

}  // namespace azula
