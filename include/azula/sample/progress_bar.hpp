#pragma once
/// \file

#include <cstddef>
#include <cstdio>
#include <ctime>
#include <string>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace azula {

/// The progress bar of a sampler with silent = false. It appears on standard error, only if that is a terminal, and
/// only once the run has lasted half a second.
///
///     zAB<3> |############------------| 16/32  1.2 s
///
/// At the end it erases itself by overwriting with blanks, because not every Windows console understands escape codes.
class ProgressBar {
 public:
  explicit ProgressBar(bool silent) : active_(!silent && on_terminal()), begin_(active_ ? now() : 0) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (drawn_ > 0) std::fprintf(stderr, "\r%*s\r", drawn_, "");
  }

  void show(const std::string& name, std::ptrdiff_t done, std::ptrdiff_t steps) {
    if (!active_) return;
    const double seconds = now() - begin_;
    if (seconds < 0.5) return;
    constexpr std::ptrdiff_t width = 24;
    const auto filled = static_cast<int>(width * done / steps);
    drawn_ = std::fprintf(stderr, "\r%s |%.*s%.*s| %td/%td  %.1f s", name.c_str(), filled, "########################",
                          static_cast<int>(width) - filled, "------------------------", done, steps, seconds);
  }

 private:
  /// The time in seconds. It avoids <chrono>, with which the quick start takes a fifth longer to compile (libstdc++
  /// 14).
  static double now() {
#ifdef _WIN32
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;  // on Windows clock() counts wall time
#else
    std::timespec time{};
    std::timespec_get(&time, TIME_UTC);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
#endif
  }

  static bool on_terminal() {
#ifdef _WIN32
    return _isatty(_fileno(stderr)) != 0;
#else
    return isatty(STDERR_FILENO) == 1;
#endif
  }

  bool active_;
  double begin_;
  int drawn_ = 0;  // width of the bar on the terminal, in characters
};

}  // namespace azula
