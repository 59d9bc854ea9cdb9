#include "progress.hpp"

#include <cstdio>
#include <utility>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace examples {
namespace {

bool stderr_is_a_terminal() {
#if __has_include(<unistd.h>)
  return isatty(STDERR_FILENO) == 1;
#else
  return false;
#endif
}

}  // namespace

Progress::Progress(std::string what, std::ptrdiff_t total, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), total_(total), on_terminal_(stderr_is_a_terminal()) {
  show();
}

void Progress::clear() const {
  if (on_terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::reached(std::ptrdiff_t done) {
  done_ = done;
  const Clock::time_point now = Clock::now();
  if (now - shown_ < std::chrono::seconds(1)) return;
  shown_ = now;
  show();
}

void Progress::show() const {
  const std::chrono::duration<double> seconds = shown_ - begin_;
  std::fprintf(stderr, "%s%s: %td of %td %s, %.1f s%s", on_terminal_ ? "\r" : "", what_.c_str(), done_, total_,
               unit_.c_str(), seconds.count(), on_terminal_ ? "\033[K" : "\n");
  std::fflush(stderr);
}

}  // namespace examples
