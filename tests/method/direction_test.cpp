/// \file
/// Runs from data to noise, which a grid of rising times makes of every deterministic method.
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/sample/sampler.hpp"
#include "azula/time.hpp"
#include "catch.hpp"
#include "support/erased_method.hpp"
#include "support/catalogue.hpp"
#include "support/complaint.hpp"

namespace {

/// The largest distance after 64 steps up and 64 down of X ~ N(2, 1/4), for x from 1 to 3.
template <class M>
double round_trip(const M& method, int steps = 64) {
  const azula::GaussianDenoiser denoiser(2.0, 0.25, azula::VPSchedule{});
  const azula::Sampler up(denoiser, method, {.start = 0.02, .stop = 0.98, .steps = steps});
  const azula::Sampler down(denoiser, method, {.start = 0.98, .stop = 0.02, .steps = steps});
  const Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(6, 1, 3);
  return (down(up(x)) - x).abs().maxCoeff();
}

std::vector<NamedMethod> all_methods() {
  std::vector<NamedMethod> all = all_multistep_methods();
  for (const NamedMethod& other : all_other_methods()) all.push_back(other);
  return all;
}

bool draws(const std::vector<azula::Stage>& stages) {
  return std::any_of(stages.begin(), stages.end(), [](const azula::Stage& stage) { return stage.c != 0; });
}

bool all_finite(const std::vector<azula::Stage>& stages) {
  return std::all_of(stages.begin(), stages.end(), [](const azula::Stage& stage) {
    const double sum = stage.a + stage.b + stage.u + stage.v;
    return std::isfinite(std::accumulate(stage.h.begin(), stage.h.end(), sum));
  });
}

/// What a sampler says to a method on a grid; it looks at the stages in this way.
std::string refusal(const azula::TimeGrid& grid, const ErasedMethod& method) {
  return complaint<std::invalid_argument>([&] {
    if (draws(stages_of(method, grid))) grid.require_falling(method.name.c_str());
  });
}

}  // namespace

TEST_CASE("the way to noise and back has the distances of the Python package", "[direction]") {
  const auto near = [](double got, double expected, double unit) { return std::fabs(got - expected) < unit; };
  CHECK(near(round_trip(azula::Euler{}), 0.0808964465, 1e-10));
  CHECK(near(round_trip(azula::zAB<2>{}), 0.0056538661, 1e-10));
  CHECK(near(round_trip(azula::xEAB<2>{}), 0.0015389994, 1e-10));
  CHECK(near(round_trip(azula::zEAB<2>{}), 0.0054151366, 1e-10));
  CHECK(near(round_trip(azula::vAB<2>{}), 0.0058975119, 1e-10));
  CHECK(near(round_trip(azula::Heun{}), 9.3538e-6, 1e-10));
}

TEST_CASE("the round trip closes with the order of the method, or with one more if that is even", "[direction]") {
  // The leading errors of the way up and down cancel for one-step methods of even order.
  const auto order = [](const auto& method, int steps) {
    return std::log2(round_trip(method, steps) / round_trip(method, 2 * steps));
  };
  CHECK(std::fabs(order(azula::Euler{}, 512) - 1) < 0.05);
  CHECK(std::fabs(order(azula::zAB<2>{}, 512) - 2) < 0.05);
  CHECK(std::fabs(order(azula::tAB<2>{}, 512) - 2) < 0.05);
  CHECK(std::fabs(order(azula::DPMSolver2S{}, 128) - 3) < 0.05);
  CHECK(std::fabs(order(azula::DPMSolver3S{}, 128) - 3) < 0.05);
  CHECK(std::fabs(order(azula::RK4{}, 128) - 5) < 0.05);
}

TEST_CASE("every deterministic method runs from data to noise, every other refuses", "[direction]") {
  for (const NamedSchedule& named : all_schedules()) {
    const double length = named.start - named.stop;
    const azula::TimeOptions up{named.stop + 0.02 * length, named.start - 0.02 * length, 12};
    const azula::TimeGrid rising(named.schedule, azula::linear_times(up));
    const azula::TimeGrid falling(named.schedule, azula::linear_times({up.stop, up.start, up.steps}));
    for (const NamedMethod& subject : all_methods()) {
      CAPTURE(named.name, subject.method.name);
      const bool restarted = subject.method.name.starts_with("Restart");
      if (restarted || draws(stages_of(subject.method, falling))) {
        CHECK(refusal(rising, subject.method).find("a method that draws noise needs times that fall") !=
              std::string::npos);
      } else {
        CHECK(refusal(rising, subject.method).empty());
        CHECK(all_finite(stages_of(subject.method, rising)));
      }
    }
  }
}

TEST_CASE("a run to pure noise ends at sigma z, one from no noise is refused", "[direction]") {
  const azula::RectifiedSchedule schedule{.alpha_min = 0, .sigma_min = 0};
  const std::vector<double> times = azula::linear_times({.start = 0.1, .stop = 1, .steps = 100});
  const azula::TimeGrid grid(schedule, times);
  for (const NamedMethod& named : all_methods()) {
    // High orders in σ/α, which goes to infinity here, extrapolate too far.
    const bool wild = std::regex_match(named.method.name, std::regex(".*zAB<[5-8]>"));
    if (named.stochastic || wild) continue;
    CAPTURE(named.method.name);
    // The mean of X ~ N(0, 1): the flow keeps x/√(α² + σ²).
    const auto mean = [&](double x, double t) {
      const auto [a, s] = schedule(t);
      return a / (a * a + s * s) * x;
    };
    const double end = states_after_steps(stages_of(named.method, grid), 0.5, mean).back();
    CHECK(std::fabs(end - 0.5 / std::hypot(0.9, 0.1)) < 0.01);
  }
  const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);
  const Eigen::ArrayXd x = Eigen::ArrayXd::Constant(1, 0.5);
  const double z = 0.5 / 0.6 * (1 - 0.4 * 0.4 / (0.16 + 0.36));  // (x - α m)/σ
  CHECK(std::fabs(azula::Sampler(denoiser, azula::xEAB<3>{}, std::vector{0.6, 1.0})(x)(0) - z) < 1e-15);
  CHECK(complaint<std::invalid_argument>([&] {
          azula::Sampler(denoiser, azula::Euler{}, {.start = 0, .stop = 1, .steps = 4});
        }) == "azula::Sampler: sigma must be positive where rising times begin, got 0");
}

TEST_CASE("a sampler refuses rising times for a method that draws noise, by its name", "[direction]") {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{});
  CHECK(complaint<std::invalid_argument>([&] {
          azula::Sampler(denoiser, azula::DDPM{}, {.start = 0.1, .stop = 0.9, .steps = 4});
        }) ==
        "azula::DDPM: a method that draws noise needs times that fall, from noise to data, got 0.1 to 0.9");
}

TEST_CASE("every grid of start and stop is the same backwards if they are exchanged", "[direction]") {
  const azula::VPSchedule schedule;
  const auto same = [](std::vector<double> falling, const std::vector<double>& rising) {
    return falling.front() > falling.back() && std::vector(falling.rbegin(), falling.rend()) == rising;
  };
  CHECK(same(azula::linear_times({0.9, 0.1, 7}), azula::linear_times({0.1, 0.9, 7})));
  CHECK(same(azula::log_snr_times(schedule, {0.9, 0.1, 7}), azula::log_snr_times(schedule, {0.1, 0.9, 7})));
  CHECK(same(azula::cosine_times(schedule, {0.9, 0.1, 7}), azula::cosine_times(schedule, {0.1, 0.9, 7})));
  CHECK(same(azula::karras_times(schedule, {0.9, 0.1, 7}), azula::karras_times(schedule, {0.1, 0.9, 7})));
  CHECK(same(azula::polyexponential_times(schedule, {0.9, 0.1, 7, 2}),
             azula::polyexponential_times(schedule, {0.1, 0.9, 7, 2})));
  CHECK(same(azula::beta_times({0.9, 0.1, 7}), azula::beta_times({0.1, 0.9, 7})));
  CHECK(same(azula::logit_normal_times(schedule, {0.9, 0.1, 7}), azula::logit_normal_times(schedule, {0.1, 0.9, 7})));
  CHECK(same(azula::linear_quadratic_times(schedule, {0.9, 0.1, 7}),
             azula::linear_quadratic_times(schedule, {0.1, 0.9, 7})));
  CHECK(same(azula::quadratic_times({0.9, 0.1, 7}), azula::quadratic_times({0.1, 0.9, 7})));
}
