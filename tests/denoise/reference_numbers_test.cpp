// The model f(x, t) = x t/(t + 1) of other libraries' tests, sampled by their methods from x_i = i/768: the
// numbers are theirs, so that schedules, parametrisations, grids and methods agree together.

#include <Eigen/Core>

#include <cmath>
#include <vector>

#include "azula/azula.hpp"
#include "catch.hpp"

using azula::DiscreteSchedule;
using azula::ExplodingSchedule;
using azula::GridEnd;
using azula::InputForm;
using azula::NetworkDenoiser;
using azula::Sampler;
using Catch::Approx;

namespace {

const auto model = [](const auto& x, double t, auto& output) { output = x * (t / (t + 1)); };

Eigen::ArrayXd ramp() {
  return Eigen::ArrayXd::LinSpaced(768, 0, 767) / 768;
}

template <class D, class M>
double sum(const D& denoiser, const M& method, const std::vector<double>& times, const Eigen::ArrayXd& x) {
  return Sampler(denoiser, method, times, {.silent = true})(x).abs().sum();
}

template <class D, class M>
double mean(const D& denoiser, const M& method, const std::vector<double>& times, const Eigen::ArrayXd& x) {
  return sum(denoiser, method, times, x) / 768;
}

}  // namespace

TEST_CASE("Euler, Heun and LMS give a foreign reference's numbers in the sigma-scaled form", "[denoise]") {
  const ExplodingSchedule schedule(DiscreteSchedule(azula::linear_betas({.steps = 1100})));
  const NetworkDenoiser denoiser(model, schedule, azula::NoisePrediction{.input = InputForm::preserving},
                                 azula::TrainingStep{});
  const auto times = azula::linspace_times(schedule, {.steps = 10});
  const Eigen::ArrayXd x = ramp() * schedule(1).sigma;
  REQUIRE(sum(denoiser, azula::Euler{}, times, x) == Approx(168.05136).epsilon(5e-8));
  REQUIRE(sum(denoiser, azula::Heun{}, times, x) == Approx(244.60237).epsilon(5e-8));
  // The reference keeps order 4 in the step to σ = 0.
  REQUIRE(sum(denoiser, azula::zAB<4>{.extrapolate_final = true}, times, x) == Approx(191.19393).epsilon(5e-8));
}

TEST_CASE("the variance-preserving form of the same runs gives the same numbers", "[denoise]") {
  const DiscreteSchedule schedule(azula::linear_betas({.steps = 1100}));
  const NetworkDenoiser denoiser(model, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
  const auto times = azula::linspace_times(schedule, {.steps = 10});
  const Eigen::ArrayXd x = ramp() * schedule(1).sigma;  // α x/α
  REQUIRE(sum(denoiser, azula::Euler{}, times, x) == Approx(168.05136).epsilon(5e-8));
  REQUIRE(sum(denoiser, azula::Heun{}, times, x) == Approx(244.60237).epsilon(5e-8));
}

TEST_CASE("multistep methods give foreign references' numbers in the variance-preserving form", "[denoise]") {
  const DiscreteSchedule schedule(azula::linear_betas());
  const NetworkDenoiser noise(model, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
  const NetworkDenoiser velocity(model, schedule, azula::VelocityPrediction{}, azula::TrainingStep{});
  const auto times = azula::linspace_times(
      schedule, {.steps = 10, .rounded = true, .visit_first = false, .end = GridEnd::first_step});
  // DEIS of order 2 in log σ, of order 1 in the last step.
  REQUIRE(mean(noise, azula::zEAB<2>{.lower_order_final = true}, times, ramp()) ==
          Approx(0.2391617).epsilon(2e-7));
  REQUIRE(mean(velocity, azula::zEAB<2>{.lower_order_final = true}, times, ramp()) ==
          Approx(0.091).margin(1e-3));
  // Started with noise after eight of the ten steps: α x + σ noise.
  const auto rest = azula::training_times(schedule, std::vector{200, 100}, GridEnd::first_step);
  const auto [alpha, sigma] = schedule(rest.front());
  const Eigen::ArrayXd noised = alpha * ramp() + sigma * ramp().reverse();
  REQUIRE(sum(noise, azula::zEAB<2>{.lower_order_final = true}, rest, noised) ==
          Approx(315.3016).margin(1e-2));
  // DPM-Solver++ 2M, with the midpoint weights that are widespread.
  REQUIRE(mean(noise, azula::xEAB<2>{.compat = true}, times, ramp()) == Approx(0.3301).margin(1e-3));
  REQUIRE(mean(velocity, azula::xEAB<2>{.compat = true}, times, ramp()) == Approx(0.2251).margin(1e-3));
  // UniPC of order 2 with B2.
  REQUIRE(mean(noise, azula::UniPC<2>{}, times, ramp()) == Approx(0.2464).margin(1e-3));
  REQUIRE(mean(velocity, azula::UniPC<2>{}, times, ramp()) == Approx(0.1014).margin(1e-3));
  REQUIRE(sum(noise, azula::UniPC<2>{}, rest, noised) == Approx(315.5757).margin(1e-2));
}

TEST_CASE("EDM's schedule, parametrisation and grid give a foreign reference's number", "[denoise]") {
  const azula::EDMSchedule schedule;
  const NetworkDenoiser denoiser(model, schedule, azula::EDMPrediction{}, azula::LogRatioTime{});
  const auto times = azula::with_clean_end(schedule, azula::linear_times({.steps = 9}));
  REQUIRE(sum(denoiser, azula::Euler{}, times, ramp() * std::sqrt(80.0 * 80 + 1)) ==
          Approx(34.1855).margin(1e-3));
}
