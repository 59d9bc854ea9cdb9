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

namespace {

/// The network of other runs, f = in/2 + 0.4 sin(1.5 in + t/300), and where they start.
const auto wave = [](const auto& x, double t, auto& output) { output = 0.5 * x + 0.4 * (1.5 * x + t / 300).sin(); };

Eigen::ArrayXd waves() {
  return 1.2 * (1.7 * Eigen::ArrayXd::LinSpaced(8, 0, 7) + 0.3).sin();
}

template <class D, class M>
Eigen::ArrayXd ends(const D& denoiser, const M& method, const std::vector<double>& times, const Eigen::ArrayXd& x) {
  return Sampler(denoiser, method, times, {.silent = true})(x).head(2);
}

std::vector<double> diffusion_betas() { return azula::scaled_linear_betas({.first = 0.00085, .last = 0.012}); }

}  // namespace

TEST_CASE("Karras' levels are the reference's with rounded training steps", "[denoise]") {
  const DiscreteSchedule schedule(diffusion_betas(), azula::Interpolation::log);
  const NetworkDenoiser rounded(wave, schedule, azula::NoisePrediction{}, azula::TrainingStep{.rounded = true});
  const auto times =
      azula::with_clean_end(schedule, azula::karras_times(schedule, {.stop = schedule.time_of(0), .steps = 6}));
  const auto end = ends(rounded, azula::xEAB<2>{.compat = true}, times, waves());
  REQUIRE(end(0) == Approx(2.1957101900710554).epsilon(1e-12));
  REQUIRE(end(1) == Approx(2.721252630867993).epsilon(1e-12));
}

TEST_CASE("zero terminal signal begins at 2^-24 for the reference's Euler and DPM-Solver++", "[denoise]") {
  std::vector<double> bars;
  double bar = 1;
  for (const double beta : azula::rescale_zero_terminal_snr(diffusion_betas())) bars.push_back(bar *= 1 - beta);
  bars.back() = 0x1p-24;
  const auto schedule = DiscreteSchedule::from_alpha_bars(bars);
  const NetworkDenoiser denoiser(wave, schedule, azula::VelocityPrediction{}, azula::TrainingStep{});
  const auto times = azula::trailing_times(schedule, {.steps = 7});
  const auto end = ends(denoiser, azula::xEAB<2>{.compat = true}, times, waves());
  REQUIRE(end(0) == Approx(-0.08959588195345727).epsilon(1e-9));
  REQUIRE(end(1) == Approx(0.19890220967137529).epsilon(1e-9));
  const ExplodingSchedule exploding(schedule);
  const NetworkDenoiser same(wave, exploding, azula::VelocityPrediction{.input = InputForm::preserving},
                             azula::TrainingStep{});
  const auto other = ends(same, azula::Euler{}, times, exploding(1).sigma * waves());
  REQUIRE(other(0) == Approx(-0.09424403889278385).epsilon(1e-9));
  REQUIRE(other(1) == Approx(0.18664815532083828).epsilon(1e-9));
}

TEST_CASE("Wan 2.1's flow starts just below its first time and rounds times down", "[denoise]") {
  const azula::ShiftedRectifiedSchedule schedule{.shift = 5};
  const auto floored = [](const auto& flow, double t) { return std::floor(1000 * flow(t).sigma); };
  const NetworkDenoiser denoiser(wave, schedule, azula::FlowPrediction{}, floored);
  auto times = azula::linear_times({.stop = 0.001, .steps = 7});
  times.front() = schedule.time_of_sigma(1 - 1e-6);
  times.back() = 0;
  const auto end = ends(denoiser, azula::UniPC<2>{}, times, waves());
  REQUIRE(end(0) == Approx(-0.003204114000398439).epsilon(1e-12));
  REQUIRE(end(1) == Approx(0.7064319604912388).epsilon(1e-12));
}

TEST_CASE("Stable Diffusion's DDIM ends at the first step, and DEIS keeps its order from 15 steps on", "[denoise]") {
  const DiscreteSchedule schedule(diffusion_betas());
  const NetworkDenoiser denoiser(wave, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
  const auto ddim = ends(denoiser, azula::DDIM{},
                         azula::leading_times(schedule, {.steps = 7, .offset = 1, .end = GridEnd::first_step}), waves());
  REQUIRE(ddim(0) == Approx(0.536753464612006).epsilon(1e-12));
  REQUIRE(ddim(1) == Approx(3.167258970061954).epsilon(1e-12));
  const auto deis = [&](std::ptrdiff_t n) {
    const auto times = azula::leading_times(
        schedule, {.steps = n, .offset = 1, .visit_first = false, .end = GridEnd::first_step});
    return ends(denoiser, azula::zEAB<2>{.lower_order_final = n < 15}, times, waves());
  };
  REQUIRE(deis(7)(0) == Approx(0.5558620222806754).epsilon(1e-12));
  REQUIRE(deis(7)(1) == Approx(3.1089756771268497).epsilon(1e-12));
  REQUIRE(deis(20)(0) == Approx(1.4677140275685887).epsilon(1e-12));
  REQUIRE(deis(20)(1) == Approx(3.3574856871045062).epsilon(1e-12));
}

namespace {

/// The first two values of a run with the reference's own draws.
template <class D, class M>
Eigen::ArrayXd noisy_ends(const D& denoiser, const M& method, const std::vector<double>& times, double scale = 1) {
  const Eigen::MatrixXd draws{{-1.17204915182185, 1.0075974331466204, 0.5369338312116217, -0.6141311308159167,
                               0.0671847721504961, 0.042454690729807044, 1.4150919954504602},
                              {-0.39288424313877424, 1.6677818125087134, 0.948503434813587, 1.6634442010862096,
                               -0.46267528686508547, 0.020354702373186744, -0.722721413224301}};
  azula::ReplaySource noise(draws);
  return Sampler(denoiser, method, times, {.silent = true})(Eigen::ArrayXd(scale * waves().head(2)), noise);
}

}  // namespace

TEST_CASE("LCM and TCD in four steps of Stable Diffusion", "[denoise]") {
  const DiscreteSchedule schedule(diffusion_betas());
  const NetworkDenoiser denoiser(wave, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
  const std::vector<double> steps{999, 759, 499, 259};
  const azula::ConsistencyDenoiser consistent(denoiser);
  const auto lcm = noisy_ends(consistent, azula::LCM{}, training_times(schedule, steps));
  REQUIRE(lcm(0) == Approx(1.2591980374116463).epsilon(1e-12));
  REQUIRE(lcm(1) == Approx(3.285808445173089).epsilon(1e-12));
  const auto tcd = noisy_ends(denoiser, azula::TCD{}, training_times(schedule, steps, GridEnd::first_step));
  REQUIRE(tcd(0) == Approx(1.6369620782587053).epsilon(1e-12));
  REQUIRE(tcd(1) == Approx(4.923402445933031).epsilon(1e-12));
}

TEST_CASE("the noise form of the SDE in seven steps", "[denoise]") {
  const DiscreteSchedule schedule(diffusion_betas());
  const NetworkDenoiser denoiser(wave, schedule, azula::NoisePrediction{}, azula::TrainingStep{});
  const auto times = azula::leading_times(
      schedule, {.steps = 7, .offset = 1, .visit_first = false, .end = GridEnd::first_step});
  const auto end = noisy_ends(denoiser, azula::DPMSolverNoiseSDE<2>{.compat = true}, times);
  REQUIRE(end(0) == Approx(0.3054451807605676).epsilon(1e-12));
  REQUIRE(end(1) == Approx(2.268266340352956).epsilon(1e-12));
}

TEST_CASE("a consistency model in four steps of EDM's levels", "[denoise]") {
  const azula::EDMSchedule schedule;
  const NetworkDenoiser network(wave, schedule, azula::EDMPrediction{.sigma_min = 0.002}, azula::LogRatioTime{250});
  const azula::ClampedDenoiser denoiser(network);
  std::vector<double> times;  // every tenth of the 40 levels of the training
  for (const double level : {0, 10, 20, 30, 39}) times.push_back(1 - level / 39);
  const auto end = noisy_ends(denoiser, azula::Renoise{.rho_min = 0.002}, times, 80);
  REQUIRE(end(0) == Approx(0.5923528383305982).epsilon(1e-12));
  REQUIRE(end(1) == Approx(0.7653948257664286).epsilon(1e-12));
}

TEST_CASE("Heun's method on a shifted flow in seven steps, the last one Euler's", "[denoise]") {
  const azula::ShiftedRectifiedSchedule schedule{.shift = 3};
  const NetworkDenoiser denoiser(wave, schedule, azula::FlowPrediction{}, azula::FlowTime{.scale = 1000});
  const auto times =
      azula::with_clean_end(schedule, azula::linear_times({.stop = schedule(0.001).sigma, .steps = 6}));
  const auto end = ends(denoiser, azula::VelocityHeun{}, times, waves());
  REQUIRE(end(0) == Approx(0.09554108080059615).epsilon(1e-12));
  REQUIRE(end(1) == Approx(0.6475111665346425).epsilon(1e-12));
}
