#include "catch.hpp"

#include "azula/azula.hpp"

#include <Eigen/Core>

#include <cmath>
#include <vector>

namespace {

/// Root mean square distance of the samples of runs with `steps` and with 16 times as many steps, for
/// 8, 16, 32 and 64 steps from the same initial state.
template <class M, class Source>
std::vector<double> distances(const M& method, const Source& source) {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  std::vector<double> result;
  for (const std::ptrdiff_t steps : {8, 16, 32, 64}) {
    const auto sampler = [&](std::ptrdiff_t n) {
      return azula::Sampler(denoiser, method, {.start = 0.9, .stop = 0.1, .steps = n, .silent = true});
    };
    Source random = source, same = source;
    Eigen::ArrayXXd x(16, 16);
    sampler(steps).init(x, random, 2.0, 0.25);
    sampler(steps).init(x, same, 2.0, 0.25);
    const Eigen::ArrayXXd coarse = sampler(steps)(x, random), fine = sampler(16 * steps)(x, same);
    result.push_back(std::sqrt((coarse - fine).square().mean()));
  }
  return result;
}

template <class M>
std::vector<azula::Stage> stages(const M& method, const azula::TimeGrid& grid) {
  std::vector<azula::Stage> all;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) method.append(all, grid, i);
  return all;
}

/// The power of the number of steps with which distances fall, over three doublings.
double order(const std::vector<double>& distances) { return std::log2(distances.front() / distances.back()) / 3; }

}  // namespace

TEST_CASE("on a Brownian path, samples converge to one sample with the steps", "[brownian][long]") {
  const azula::VPSchedule schedule;
  // Additive noise: first order, reached from below.
  CHECK(order(distances(azula::DDPM{}, azula::BrownianSource(1, azula::time_clock()))) > 0.8);
  const azula::BrownianSource path(1, azula::log_rho_clock(schedule));
  CHECK(order(distances(azula::Ito{}, path)) > 0.8);
  // Methods whose noise comes with their second evaluation, for all of the step or for what is left of it.
  CHECK(order(distances(azula::DPM2Ancestral{}, path)) > 0.8);
  CHECK(order(distances(azula::DPMSolver2SAncestral{.eta = 0.7}, path)) > 0.8);
  CHECK(order(distances(azula::DPMSolverSDE{}, path)) > 0.8);
}

TEST_CASE("every draw of noise begins where the one before it ended", "[brownian]") {
  const azula::TimeGrid grid(azula::VPSchedule{}, azula::linear_times({.start = 0.9, .stop = 0.1, .steps = 12}));
  const auto gapless = [&](const auto& method) {
    double end = grid[0].t;
    for (const azula::Stage& stage : stages(method, grid)) {
      if (stage.c == 0) continue;
      if (stage.from.value_or(stage.time) != end) return false;
      end = stage.next;
    }
    return end == grid[grid.size() - 1].t;
  };
  CHECK(gapless(azula::DDPM{}));
  CHECK(gapless(azula::EulerAncestral{}));
  CHECK(gapless(azula::DPM2Ancestral{}));
  CHECK(gapless(azula::DPMSolver2SAncestral{.eta = 0.5}));
  CHECK(gapless(azula::DPMSolverSDE{.r = 0.3}));
  CHECK(gapless(azula::DPMSolverMultistepSDE<3>{}));
  CHECK(gapless(azula::SASolver<3>{}));
  CHECK(gapless(azula::ERSDE<3>{}));
}

TEST_CASE("noise that leads back to an earlier time belongs to no step", "[brownian]") {
  const azula::TimeGrid grid(azula::VPSchedule{}, azula::linear_times({.start = 0.9, .stop = 0.1, .steps = 12}));
  const auto aside = [&](const auto& method) {
    int draws = 0;
    for (const azula::Stage& stage : stages(method, grid)) {
      if (stage.c == 0) continue;
      ++draws;
      if (stage.from.value_or(stage.time) != stage.next) return 0;
    }
    return draws;
  };
  CHECK(aside(azula::Restart{azula::Heun{}, {.rho_min = 0.5, .rho_max = 2, .repeats = 3}}) == 3);
  CHECK(aside(azula::Heun{{.s_churn = 2}}) == 11);
  CHECK(aside(azula::PC{.corrections = 2}) == 24);
}

TEST_CASE("with independent draws they do not", "[brownian]") {
  const std::vector<double> apart = distances(azula::DDPM{}, azula::NormalSource(1));
  CHECK(std::fabs(order(apart)) < 0.1);
  CHECK(apart.back() > 0.4);  // two independent samples of deviation 1/2 are 0.71 apart
}
