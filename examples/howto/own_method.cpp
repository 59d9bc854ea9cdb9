// Defines a solver of your own: its options, a name, and a function that writes the stages of one step.
// StepBuilder takes the formulas as the paper of the solver has them.
#include <azula/azula.hpp>
#include <azula/integrate/step_builder.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

// Ralston's method on dy/dρ = z, y = x/α: a step of two thirds, then 1/4 of the first slope and 3/4 of the second.
struct Ralston {
  static constexpr int history = 2;  // predictions that a run has to remember: two slopes
  std::string name() const { return "Ralston"; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    const azula::Node &t = grid[i], &s = grid[i + 1];
    const auto rho = [](const azula::Node& n) { return n.sigma / n.alpha; };
    const double h = rho(s) - rho(t);
    const azula::Node middle = grid.at_log_snr(-std::log(rho(t) + 2 * h / 3), i);

    azula::StepBuilder step(stages);
    const auto slope = [&](const azula::Combination& y, const azula::Node& n) {  // z = (x - α m)/σ, at x = α y
      return 1 / rho(n) * (y - step.evaluate(n));
    };
    const azula::Combination y = 1 / t.alpha * step.start(), first = slope(y, t);
    const azula::Combination ahead = y + 2 * h / 3 * first;
    step.go(middle.alpha * ahead, middle);
    step.go(s.alpha * (y + h / 4 * first + 3 * h / 4 * slope(ahead, middle)), s);
  }
};

int main() {
  // The flow keeps a point of a Gaussian at as many deviations as it was: follow the one at +1.
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const auto point = [&](double t) { return 2 * schedule(t).alpha + std::hypot(schedule(t).alpha / 2, schedule(t).sigma); };
  double errors[2];
  for (const int k : {0, 1}) {
    const azula::Sampler sampler(denoiser, Ralston{}, {.start = 0.8, .stop = 0.2, .steps = k == 0 ? 100 : 200});
    errors[k] = std::abs(sampler(Eigen::Array<double, 1, 1>(point(0.8)))(0) - point(0.2));
  }
  const double order = std::log2(errors[0] / errors[1]);
  std::printf("order %.1f\n", order);
  return std::abs(order - 2) < 0.1 ? 0 : 1;
}
