// Computes the likelihood of data under a model, log p(x), by the probability-flow ODE.
#include <azula/azula.hpp>
#include <azula/sample/likelihood.hpp>

#include <cmath>
#include <cstdio>
#include <numbers>

int main() {
  // The density at a stop with σ > 0 is that of the data with so much noise. The schedule is 1 % of noise at its clean end.
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(0.0, 0.25, schedule);
  Eigen::ArrayXXd x(4, 3);  // three samples of four values
  x << 0.1, 1, 0, -0.3, 1, 0, 0.5, 1, 0, 0.2, 1, 0;

  const auto p = azula::log_likelihood(denoiser, x, azula::ExactTrace{}, {.stop = 0.01, .variance = 0.25});
  // With many values the trace is estimated, by a few random directions.
  const azula::HutchinsonTrace estimate(azula::NormalSource(1), /*probes=*/8);
  const auto q = azula::log_likelihood(denoiser, x, estimate, {.stop = 0.01, .variance = 0.25});

  const auto [alpha, sigma] = schedule(0.01);
  const double v = alpha * alpha * 0.25 + sigma * sigma;
  double worst = 0;
  for (int j = 0; j < 3; ++j) {
    const double exact = -x.col(j).square().sum() / (2 * v) - 2 * std::log(2 * std::numbers::pi * v);
    worst = std::fmax(worst, std::fmax(std::abs(p.log_prob(j) - exact), std::abs(q.log_prob(j) - exact)));
    std::printf("log p = %.2f, estimated %.2f, exactly %.2f\n", p.log_prob(j), q.log_prob(j), exact);
  }
  return worst < 0.01 ? 0 : 1;
}
