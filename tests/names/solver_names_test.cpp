/// \file
/// The names of other systems: what they are here, and the numbers that they must have.

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "azula/azula.hpp"
#include "azula/interop/solver_names.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using azula::names::SolverName;
using Steps = std::vector<double>;

const std::vector<double> stable_betas = azula::scaled_linear_betas({.first = 0.00085, .last = 0.012});
const azula::DiscreteSchedule stable(stable_betas, azula::Interpolation::log);
const azula::ShiftedRectifiedSchedule flow{.shift = 3};

/// The training steps of times.
Steps steps_of(const std::vector<double>& times) {
  Steps steps;
  for (const double t : times) steps.push_back(1000 * t - 1);
  return steps;
}

bool near(const std::vector<double>& a, const std::vector<double>& b, double tolerance = 1e-9) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::fabs(a[i] - b[i]) <= tolerance * (1 + std::fabs(b[i])))) return false;
  }
  return true;
}

/// σ_t/α_t, or σ_t of a flow.
template <class S>
std::vector<double> sigmas_of(const S& schedule, const std::vector<double>& times, bool ratio) {
  std::vector<double> sigmas;
  for (const double t : times) {
    const auto [alpha, sigma] = schedule(t);
    sigmas.push_back(ratio ? sigma / alpha : sigma);
  }
  return sigmas;
}

/// The grid between two sigmas whose `scale` is even, and 0.
std::vector<double> even(double largest, double smallest, int n, double (*scale)(double), double (*inverse)(double)) {
  std::vector<double> sigmas;
  for (int i = 0; i < n; ++i) {
    sigmas.push_back(inverse(scale(largest) + i * (scale(smallest) - scale(largest)) / (n - 1)));
  }
  sigmas.push_back(0);
  return sigmas;
}

double root7(double x) { return std::pow(x, 1.0 / 7); }
double power7(double x) { return x * x * x * x * x * x * x; }

/// The share of Beta(0.6, 0.6) below x, by the midpoint rule in θ, x = sin²θ.
double beta_share(double x) {
  const auto integral = [](double end) {
    double sum = 0;
    for (int i = 0; i < 200000; ++i) {
      const double theta = (i + 0.5) / 200000 * end;
      sum += std::pow(std::sin(theta) * std::cos(theta), 0.2);
    }
    return sum * end / 200000;
  };
  return integral(std::asin(std::sqrt(x))) / integral(std::numbers::pi / 2);
}

void check_samplers(const std::vector<SolverName>& table,
                    azula::AnyMethod (*sampler)(std::string_view, const azula::MethodOptions&)) {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, stable);
  const auto times = azula::comfy_times("karras", stable, 8);
  for (const SolverName& line : table) {
    CAPTURE(line.name);
    if (line.method.empty()) {
      CHECK(line.remark.size() > 10);
      CHECK(complaint<std::invalid_argument>([&] { sampler(line.name, {}); }).ends_with(line.remark));
      continue;
    }
    const azula::Sampler run(denoiser, sampler(line.name, {}), times, {.silent = true});
    azula::NormalSource random(1);
    CHECK(run(Eigen::ArrayXd(Eigen::ArrayXd::Ones(3)), random).isFinite().all());
  }
}

/// Whether every grid falls from noise to the clean end, or is refused with a reason.
template <class S, class Table, class Times>
void check_grids(const S& schedule, const Table& table, const Times& times_of) {
  for (const auto& line : table) {
    CAPTURE(line.name);
    if (!line.times) {
      CHECK(complaint<std::invalid_argument>([&] { times_of(line.name, 10); }).ends_with(line.remark));
      continue;
    }
    for (const std::ptrdiff_t n : {1, 2, 3, 10, 30, 100}) {
      const std::vector<double> times = times_of(line.name, n);
      CHECK(azula::TimeGrid(schedule, times).size() == times.size());  // refuses what does not fall
      CHECK(times.back() == 0);
      if (line.name != "ddim_uniform") CHECK(times.front() == 1);
    }
  }
}

/// The weights of a second step, from σ = 2 to 1 after one from 4, of x, m and the mean before.
std::vector<double> second_step(const azula::AnyMethod& method) {
  const azula::VESchedule schedule{.sigma_min = 1, .sigma_max = 4};
  const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);
  const azula::Stage stage = azula::Sampler(denoiser, method, std::vector{1.0, 0.5, 0.0}).stages().at(1);
  REQUIRE((stage.u == 0 && stage.v == 1));
  return {stage.a, stage.b, stage.h[0]};
}

}  // namespace

TEST_CASE("every sampler of another system runs, or is refused with a reason", "[names]") {
  CHECK(azula::comfy_samplers().size() == 44);
  CHECK(azula::sdcpp_samplers().size() == 21);
  check_samplers(azula::comfy_samplers(), &azula::comfy_sampler);
  check_samplers(azula::sdcpp_samplers(), &azula::sdcpp_sampler);
  check_samplers(azula::diffusers_samplers(), &azula::diffusers_sampler);
}

TEST_CASE("every grid of another system falls to the clean end, or is refused with a reason", "[names]") {
  const auto check = [](const auto& schedule) {
    using S = std::decay_t<decltype(schedule)>;
    CHECK(azula::comfy_schedulers<S>().size() == 9);
    CHECK(azula::sdcpp_schedulers<S>().size() == 16);
    check_grids(schedule, azula::comfy_schedulers<S>(),
                [&](std::string_view name, std::ptrdiff_t n) { return azula::comfy_times(name, schedule, n); });
    check_grids(schedule, azula::sdcpp_schedulers<S>(),
                [&](std::string_view name, std::ptrdiff_t n) { return azula::sdcpp_times(name, schedule, n); });
  };
  check(stable);
  check(flow);
  check(azula::ExplodingSchedule<azula::DiscreteSchedule>(stable));
}

TEST_CASE("names that are unknown are refused with the list, steps out of range with the range", "[names]") {
  const auto said = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  CHECK(said([] { azula::comfy_sampler("dpmpp_4m"); })
            .starts_with("azula::comfy_sampler: the name must be one of euler, "));
  CHECK(said([] { azula::comfy_sampler("dpmpp_4m"); }).ends_with("uni_pc_bh2, got \"dpmpp_4m\""));
  CHECK(said([] { azula::comfy_sampler("dpmpp_2m_cfg_pp"); }) ==
        "azula::comfy_sampler: dpmpp_2m_cfg_pp: needs the means with and without guidance in each stage");
  CHECK(said([] { azula::sdcpp_sampler("dpmpp_2m"); }).starts_with("azula::sdcpp_sampler: the name must be one of "));
  CHECK(said([] { azula::comfy_times("karas", stable, 10); }) ==
        "azula::comfy_times: the name must be one of simple, sgm_uniform, karras, exponential, ddim_uniform, beta, "
        "normal, linear_quadratic, kl_optimal, got \"karas\"");
  CHECK(said([] { azula::comfy_times("simple", stable, 0); }) ==
        "azula::comfy_times: steps must be from 1 to 1000 with this schedule, got 0");
  CHECK(said([] { azula::sdcpp_times("gits", stable, 10); }).starts_with("azula::sdcpp_times: gits: "));
  CHECK(said([] {
          azula::comfy_times("karras", azula::DiscreteSchedule(azula::rescale_zero_terminal_snr(stable_betas)), 10);
        }).find("the largest sigma must be finite") != std::string::npos);
}

TEST_CASE("ComfyUI's grids in sigma, between the ends of Stable Diffusion", "[names]") {
  double product = 1;
  for (const double beta : stable_betas) product *= 1 - beta;
  const double largest = std::sqrt((1 - product) / product), smallest = std::sqrt(0.00085 / (1 - 0.00085));
  CHECK(std::fabs(largest - 14.6146) < 1e-4);  // as published
  CHECK(std::fabs(smallest - 0.0291671582) < 1e-9);
  const auto sigmas = [](const char* name, int n) {
    return sigmas_of(stable, azula::comfy_times(name, stable, n), true);
  };
  CHECK(near(sigmas("karras", 10), even(largest, smallest, 10, root7, power7)));
  CHECK(near(sigmas("exponential", 10), even(largest, smallest, 10, std::log, std::exp)));
  CHECK(near(sigmas("kl_optimal", 10), even(largest, smallest, 10, std::atan, std::tan)));
  CHECK(near(sigmas("karras", 1), {largest, 0}));
  CHECK(near(sigmas_of(stable, azula::sdcpp_times("karras", stable, 7), true),
             even(largest, smallest, 7, root7, power7)));
}

TEST_CASE("a flow's grids are in sigma itself", "[names]") {
  const double smallest = 0.003 / 1.002;  // 3 t/(1 + 2 t) at t = 1/1000
  const auto sigmas = [](const char* name, int n) {
    return sigmas_of(flow, azula::comfy_times(name, flow, n), false);
  };
  CHECK(near(sigmas("karras", 10), even(1, smallest, 10, root7, power7)));
  CHECK(near(sigmas("exponential", 10), even(1, smallest, 10, std::log, std::exp)));
  CHECK(near(azula::comfy_times("normal", flow, 3), {1, (1 + smallest) / 2, smallest, 0}));
  CHECK(near(azula::comfy_times("sgm_uniform", flow, 2), {1, (1 + smallest) / 2, 0}));
  CHECK(near(azula::comfy_times("simple", flow, 4), {1, 0.75, 0.5, 0.25, 0}));
  CHECK(near(azula::comfy_times("simple", flow, 4, {.training_steps = 10}), {1, 0.8, 0.5, 0.3, 0}));
  CHECK(near(azula::sdcpp_times("discrete", flow, 3), {1, 0.5005, 0.001, 0}));
}

TEST_CASE("grids of training steps", "[names]") {
  const auto comfy = [](const char* name, int n) { return steps_of(azula::comfy_times(name, stable, n)); };
  const auto sdcpp = [](const char* name, int n) { return steps_of(azula::sdcpp_times(name, stable, n)); };
  CHECK(near(comfy("simple", 4), {999, 749, 499, 249, -1}));
  CHECK(near(comfy("simple", 3), {999, 666, 333, -1}));
  CHECK(near(comfy("normal", 4), {999, 666, 333, 0, -1}));
  CHECK(near(comfy("sgm_uniform", 3), {999, 666, 333, -1}));
  CHECK(near(comfy("ddim_uniform", 4), {751, 501, 251, 1, -1}));
  CHECK(comfy("ddim_uniform", 30).size() == 32);  // 1, 34, … 991: one more than asked for, as there
  CHECK(near(sdcpp("discrete", 4), comfy("normal", 4)));
  CHECK(near(sdcpp("normal", 4), comfy("normal", 4)));
  CHECK(near(sdcpp("lcm", 4), {999, 759, 499, 259, -1}));  // those of the distilled models
  CHECK(near(sdcpp("smoothstep", 4), {999, std::round(999 * 27.0 / 32), 500, std::round(999 * 5.0 / 32), -1}));
}

TEST_CASE("the grid called beta has the quantiles of Beta(0.6, 0.6), rounded", "[names]") {
  const Steps steps = steps_of(azula::comfy_times("beta", stable, 10));
  REQUIRE(steps.size() == 11);
  CHECK(near({steps[0], steps[10]}, {999, -1}));
  for (std::size_t i = 1; i < 10; ++i) {
    const double share = 1 - static_cast<double>(i) / 10;
    CHECK(beta_share((steps[i] - 0.5001) / 999) < share);
    CHECK(beta_share((steps[i] + 0.5001) / 999) > share);
  }
}

TEST_CASE("some of ComfyUI's samplers leave out the last time before the clean end", "[names]") {
  const auto steps = [](std::string_view sampler) {
    return steps_of(azula::comfy_times("simple", stable, 4, {.sampler = sampler}));
  };
  CHECK(near(steps("euler"), {999, 749, 499, 249, -1}));
  for (const char* sampler : {"dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"}) {
    CHECK(near(steps(sampler), {999, 799, 599, 399, -1}));
  }
}

TEST_CASE("2M and RES have their published weights", "[names]") {
  const double h = std::log(2.0);  // of both steps
  const double phi_1 = -std::expm1(-h) / h, phi_2 = (1 - phi_1) / h;
  CHECK(near(second_step(azula::comfy_sampler("dpmpp_2m")), {0.5, 0.5 * 1.5, -0.5 * 0.5}));
  CHECK(near(second_step(azula::sdcpp_sampler("dpm++2m")), {0.5, 0.5 * 1.5, -0.5 * 0.5}));
  CHECK(near(second_step(azula::comfy_sampler("res_multistep")), {0.5, h * (phi_1 + phi_2), -h * phi_2}));
}

TEST_CASE("lcm is the mean and fresh noise; options may be added to a name", "[names]") {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, stable);
  const std::vector<double> times = azula::sdcpp_times("lcm", stable, 4);
  for (const azula::Stage& stage : azula::Sampler(denoiser, azula::comfy_sampler("lcm"), times).stages()) {
    const auto [alpha, sigma] = stable(stage.next);
    CHECK((stage.a == 0 && stage.b == alpha && stage.c == sigma));
  }
  const auto quiet = azula::comfy_sampler("euler_ancestral", {{"eta", 0}});
  for (const azula::Stage& stage : azula::Sampler(denoiser, quiet, times).stages()) CHECK(stage.c == 0);
  CHECK(complaint<std::invalid_argument>([] { azula::comfy_sampler("euler", {{"eta", 1}}); }) ==
        "azula::Euler: the method has no options, got \"eta\"");
}
