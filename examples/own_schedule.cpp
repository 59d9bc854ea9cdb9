// Shows how to write a noise schedule of your own: a type whose call turns a time into the signal and noise scales.
//
// This one is the schedule of many published image models: 1,000 variances β, and ᾱ_k = Π (1 - β_i), i <= k. Between
// the entries of the table, log ᾱ is interpolated, so that samplers may stop at any time.
#include <azula/azula.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

struct TableSchedule {
  Eigen::ArrayXd log_alpha_bar = Eigen::ArrayXd::Zero(1001);

  TableSchedule() {
    const Eigen::ArrayXd beta = Eigen::ArrayXd::LinSpaced(1000, 1e-4, 0.02);
    for (Eigen::Index k = 0; k < 1000; ++k) log_alpha_bar(k + 1) = log_alpha_bar(k) + std::log1p(-beta(k));
  }
  azula::Scales operator()(double t) const {
    const double k = std::clamp(std::floor(1000 * t), 0.0, 999.0), share = 1000 * t - k;
    const auto entry = log_alpha_bar.segment<2>(static_cast<Eigen::Index>(k));
    const double log_alpha2 = (1 - share) * entry(0) + share * entry(1);
    return {std::exp(log_alpha2 / 2), std::sqrt(-std::expm1(log_alpha2))};
  }
};

int main() {
  const TableSchedule schedule;
  for (const double t : {0.001, 0.5, 1.0}) std::printf("t = %.3f: alpha %.4f\n", t, schedule(t).alpha);
  // The flow keeps a point of a Gaussian at as many standard deviations as it was: follow the one at +1.
  const auto point = [](azula::Scales s) { return 2 * s.alpha + std::hypot(s.alpha / 2, s.sigma); };
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  for (const int steps : {10, 20, 40, 80}) {
    const auto times = azula::log_snr_times(schedule, {.stop = 0.001, .steps = steps});
    const azula::Sampler sampler(denoiser, azula::vAB<2>{}, times);
    const Eigen::Array<double, 1, 1> x = sampler(Eigen::Array<double, 1, 1>(point(schedule(1))));
    std::printf("%d steps of order 2: error %.5f\n", steps, std::abs(x(0) - point(schedule(0.001))));
  }

  try {  // this is none: its signal-to-noise ratio rises with time
    const auto backwards = [](double t) { return azula::Scales{t, 1 - t}; };
    azula::Sampler(azula::GaussianDenoiser(2.0, 0.25, backwards), azula::DDIM{});
  } catch (const std::invalid_argument& error) {
    std::printf("%s\n", error.what());
  }
}
