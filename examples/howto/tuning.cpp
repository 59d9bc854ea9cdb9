// Fits times, or a whole solver, to a model, for good samples in few evaluations.
// This is done once. The result is a table of numbers, which can be kept in a text file.
#include <azula/azula.hpp>
#include <azula/plan/read_stages.hpp>
#include <azula/tune.hpp>

#include <cmath>
#include <cstdio>
#include <sstream>

// Data from 0.4 N(-1, 0.16) + 0.6 N(0.8, 0.25).
const azula::MixtureDenoiser denoiser(Eigen::Array2d(0.4, 0.6), Eigen::RowVector2d(-1, 0.8), Eigen::Array2d(0.16, 0.25),
                                      azula::RectifiedSchedule{});

Eigen::ArrayXXd noise(std::uint64_t seed) {
  Eigen::ArrayXXd x(1, 2000);
  azula::NormalSource(seed).fill(Eigen::Map<Eigen::ArrayXd>(x.data(), x.size()));
  return x;
}

double error(const auto& sampler, const Eigen::ArrayXXd& exact) {
  return std::sqrt((sampler(noise(2)) - exact).square().mean());
}

int main() {
  const azula::TuneOptions options{.start = 0.99, .stop = 0.01, .steps = 6};
  const Eigen::ArrayXXd pilot = noise(1);  // other noise than that on which it is measured
  const azula::xEAB<2> method;
  const auto times = azula::tune_times(denoiser, method, pilot, options);
  const auto fitted = azula::fit_solver<3>(denoiser, pilot, options);

  std::stringstream file;  // a std::ofstream, say
  file << fitted.stages;
  const azula::Tabulated<3> table{azula::read_stages(file)};

  const azula::Sampler fine(denoiser, azula::RK4{}, {.start = 0.99, .stop = 0.01, .steps = 200});
  const Eigen::ArrayXXd exact = fine(noise(2));
  const double even = error(azula::Sampler(denoiser, method, {.start = 0.99, .stop = 0.01, .steps = 6}), exact);
  const double tuned = error(azula::Sampler(denoiser, method, times), exact);
  const double own = error(azula::Sampler(denoiser, table, table.times()), exact);
  std::printf("error in 6 evaluations: even times %.2f, tuned times %.2f, fitted solver %.3f\n", even, tuned, own);
  return tuned < even && own < tuned ? 0 : 1;
}
