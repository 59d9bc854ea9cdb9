// Draws a sequence without an end, frame by frame, in a window that moves on.
//
// A frame enters the window as noise at one side and leaves it clean at the other. The network sees all frames of the
// window at once, each with a time of its own. Here the "network" is the exact denoiser of a Gaussian process. The
// covariance of the frames is therefore known, and the program prints it next to the measured one.

#include <azula/azula.hpp>
#include <azula/sample/frame_run.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <exception>
#include <functional>

#include "common/process_denoiser.hpp"

int main() try {
  const examples::ProcessDenoiser denoiser;  // cov(X_i, X_j) = 0.8^|i - j|
  const azula::Sampler sampler(std::cref(denoiser), azula::vAB<2>{}, {.steps = 32, .silent = true});
  const auto noise = [](std::int64_t frame) { return azula::NormalSource(/*seed=*/42, frame); };

  // 2000 independent sequences, one a row, of which 7 frames are in view: one that was taken, and six that are eight
  // evaluations apart.
  azula::FrameRun run(sampler, Eigen::ArrayXXf(2000, 7), noise, {.delay = 8, .context = 1});
  std::deque<Eigen::ArrayXf> last;  // frames, the newest at the end
  constexpr std::size_t lags = 5;
  Eigen::ArrayXd sums = Eigen::ArrayXd::Zero(lags);
  int evaluations = 0, frames = 0;
  while (frames < 200) {
    run.step();
    ++evaluations;
    while (run.ready()) {
      last.push_back(run.take());
      if (last.size() > lags) last.pop_front();
      if (last.size() < lags) continue;
      for (std::size_t lag = 0; lag < lags; ++lag) {
        sums(static_cast<Eigen::Index>(lag)) += (last[lags - 1] * last[lags - 1 - lag]).mean();
      }
      ++frames;
    }
  }

  std::printf("%d frames, %.1f evaluations for each\nframes apart   covariance   of the process\n", frames,
              double(evaluations) / frames);
  const Eigen::MatrixXd exact = examples::ProcessDenoiser::covariance(denoiser.correlation, lags);
  for (Eigen::Index lag = 0; lag < sums.size(); ++lag) {
    std::printf("%12d %12.3f %16.3f\n", static_cast<int>(lag), sums(lag) / frames, exact(0, lag));
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "endless: %s\n", error.what());
  return 1;
}
