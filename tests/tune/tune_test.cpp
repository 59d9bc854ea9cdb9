#include "catch.hpp"

#include "support/complaint.hpp"

#include <azula/azula.hpp>
#include <azula/tune.hpp>

#include <Eigen/Core>

#include <cmath>
#include <functional>
#include <vector>

namespace {

using azula::VESchedule;

const VESchedule schedule{.sigma_min = 0.02, .sigma_max = 20};

/// Four narrow components in two dimensions: a flow with forks.
auto mixture() {
  return azula::MixtureDenoiser(Eigen::ArrayXd::Constant(4, 0.25),
                                Eigen::MatrixXd{{-1, -0.8, 1, 1.2}, {-1, 1, -0.9, 1}},
                                Eigen::ArrayXd::Constant(4, 0.01), schedule);
}

Eigen::ArrayXXd states(std::uint64_t seed, Eigen::Index count) {
  Eigen::ArrayXXd x(2, count);
  Eigen::Map<Eigen::ArrayXd> values(x.data(), x.size());
  azula::NormalSource(seed).fill(values);
  return schedule(1).sigma * x;
}

double error(const auto& denoiser, const auto& method, const std::vector<double>& times, const Eigen::ArrayXXd& x) {
  const Eigen::ArrayXXd exact =
      azula::Sampler(std::cref(denoiser), azula::RK4{}, azula::log_snr_times(schedule, {.steps = 400}))(x);
  return std::sqrt((azula::Sampler(std::cref(denoiser), method, times)(x) - exact).square().mean());
}

}  // namespace

TEST_CASE("Levenberg-Marquardt finds the minimum of Rosenbrock's function", "[tune]") {
  const auto residual = [](const Eigen::VectorXd& w) -> Eigen::VectorXd {
    return Eigen::Vector2d(10 * (w(1) - w(0) * w(0)), 1 - w(0));
  };
  const Eigen::VectorXd w = azula::levenberg_marquardt(Eigen::Vector2d(-1.2, 1), residual, 100);
  REQUIRE((w - Eigen::Vector2d(1, 1)).norm() < 1e-3);
}

TEST_CASE("tuned times are better than any known grid, on the pilot states and on others", "[tune][long]") {
  const auto denoiser = mixture();
  const Eigen::ArrayXXd pilot = states(1, 400), others = states(2, 400);
  const azula::xEAB<3> method;
  const auto times = azula::tune_times(denoiser, method, pilot, {.steps = 8, .iterations = 6});
  REQUIRE(times.size() == 9);
  REQUIRE(times.front() == 1.0);
  REQUIRE(times.back() == 0.0);
  for (const auto& known : {azula::log_snr_times(schedule, {.steps = 8}), azula::karras_times(schedule, {.steps = 8}),
                            azula::karras_times(schedule, {.steps = 8, .rho = 3})}) {
    REQUIRE(error(denoiser, method, times, pilot) < 0.8 * error(denoiser, method, known, pilot));
    REQUIRE(error(denoiser, method, times, others) < error(denoiser, method, known, others));
  }
}

TEST_CASE("tuning makes the error on the pilot states smaller", "[tune]") {
  const auto denoiser = mixture();
  const Eigen::ArrayXXd pilot = states(1, 20);
  const auto times = azula::tune_times(denoiser, azula::Euler{}, pilot,
                                       {.steps = 3, .reference_steps = 100, .iterations = 2, .starts = 1});
  REQUIRE(times.size() == 4);
  REQUIRE(error(denoiser, azula::Euler{}, times, pilot) <
          error(denoiser, azula::Euler{}, azula::log_snr_times(schedule, {.steps = 3}), pilot));
}

TEST_CASE("a solver fitted to Gaussian data is exact in one step", "[tune]") {
  // The flow of N(0, v) is a linear map, which the regression has to find.
  const azula::GaussianDenoiser denoiser(0.0, 0.3, schedule);
  const auto fitted = azula::fit_solver<1>(denoiser, states(1, 5), {.steps = 1, .reference_steps = 400});
  const auto at = [](double t) { return std::sqrt(0.3 + std::pow(schedule(t).sigma, 2)); };
  const Eigen::ArrayXXd x = states(3, 7);
  const Eigen::ArrayXXd y = azula::Sampler(denoiser, fitted, fitted.times())(x);
  REQUIRE((y - x * at(0) / at(1)).abs().maxCoeff() < 1e-6);  // what RK4 leaves in the reference
}

TEST_CASE("a fitted solver is better than the same times with exact weights, on other states", "[tune][long]") {
  const auto denoiser = mixture();
  const auto fitted = azula::fit_solver<3>(denoiser, states(1, 800), {.steps = 6, .iterations = 4});
  const Eigen::ArrayXXd others = states(2, 800);
  REQUIRE(error(denoiser, fitted, fitted.times(), others) < 0.9 * error(denoiser, azula::xEAB<3>{}, fitted.times(), others));
}

TEST_CASE("the pilot's trajectory meets the flow between its nodes", "[tune]") {
  const azula::GaussianDenoiser denoiser(0.0, 0.3, schedule);
  const Eigen::ArrayXXd x = states(4, 3);
  const azula::Pilot<decltype(denoiser), Eigen::ArrayXXd> pilot(denoiser, x, {.reference_steps = 300}, "test");
  for (const double t : {1.0, 0.777, 0.5, 0.1234, 0.0}) {
    const double ratio = std::sqrt((0.3 + std::pow(schedule(t).sigma, 2)) / (0.3 + std::pow(schedule(1).sigma, 2)));
    REQUIRE((pilot.at(t).array() - x.reshaped() * ratio).abs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("bad options of the tuning are errors that name function, rule and value", "[tune]") {
  const auto denoiser = mixture();
  const Eigen::ArrayXXd x = states(1, 2);
  REQUIRE(complaint([&] { azula::tune_times(denoiser, azula::Euler{}, x, {.steps = 0}); }) ==
          "azula::tune_times: steps must be in [1, 1000], got 0");
  REQUIRE(complaint([&] { azula::fit_solver<2>(denoiser, x, {.reference_steps = 1}); }) ==
          "azula::fit_solver: reference_steps must be at least 2, got 1");
  REQUIRE(complaint([&] { azula::fit_solver<2>(denoiser, x, {.iterations = -1}); }) ==
          "azula::fit_solver: iterations must be in [0, 1000], got -1");
  REQUIRE(complaint([&] { azula::tune_times(denoiser, azula::Euler{}, x, {.starts = 0}); }) ==
          "azula::tune_times: starts must be at least 1, got 0");
  REQUIRE(complaint([&] { azula::tune_times(denoiser, azula::Euler{}, x, {.start = 14.6}); })
              .find("azula::tune_times: times must be in [0, 1]; ") == 0);
  const auto fitted = azula::fit_solver<2>(denoiser, x, {.steps = 3, .iterations = 0});
  REQUIRE(complaint([&] { azula::Sampler(denoiser, fitted, {.steps = 3}); })
              .find("azula::Tabulated: time 1 of the sampler must be that of the table") == 0);
}

TEST_CASE("tuning refuses a method that draws noise before it evaluates the network", "[tune]") {
  int calls = 0;
  const azula::FunctionDenoiser denoiser(
      [&](const Eigen::ArrayXXd& x, double, Eigen::ArrayXXd& mean) { ++calls, mean = 0.5 * x; }, schedule);
  CHECK(complaint([&] { azula::tune_times(denoiser, azula::DDPM{}, states(1, 2), {.steps = 4}); }) ==
        "azula::tune_times: the method must be one that draws no noise, got DDPM");
  CHECK(calls == 0);
}
