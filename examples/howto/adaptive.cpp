// Chooses the steps of a run by a tolerance, for scientific codes that need a known accuracy.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  Eigen::ArrayXXd noise(64, 10);
  azula::NormalSource random(5);
  azula::Sampler(denoiser, azula::Euler{}).init(noise, random);

  // The flow keeps every value at as many standard deviations as it was; the noise of VPSchedule is almost N(0, 1).
  const auto [alpha, sigma] = schedule(1);
  const Eigen::ArrayXXd exact = 2 + 0.5 * (noise - 2 * alpha) / std::hypot(alpha / 2, sigma);

  bool right = true;
  for (const double tolerance : {1e-2, 1e-4, 1e-6}) {
    const azula::AdaptiveSampler sampler(denoiser, {.relative_tolerance = tolerance, .absolute_tolerance = tolerance});
    const auto result = sampler(noise);
    const double error = (result.state - exact).abs().maxCoeff();
    std::printf("tolerance %.0e: error %.0e in %td evaluations\n", tolerance, error, result.evaluations);
    right = right && error < 100 * tolerance;
  }
  return right ? 0 : 1;
}
