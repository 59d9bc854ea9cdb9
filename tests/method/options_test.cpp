/// \file
/// Options that nobody means: NaN, infinity, the huge and the tiny. Also compiled with -ffast-math.

#include <Eigen/Core>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "azula/azula.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

volatile std::uint64_t nan_bits = 0x7ff8000000000000, infinity_bits = 0x7ff0000000000000;

double number(const volatile std::uint64_t& bits) { return std::bit_cast<double>(std::uint64_t{bits}); }

const double not_a_number = number(nan_bits), infinity = number(infinity_bits);
const azula::VPSchedule schedule;
const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);

template <class M>
std::string refusal(const M& method) {
  return complaint<std::invalid_argument>([&] { azula::Sampler sampler(denoiser, method, {.steps = 64}); });
}

/// A method whose coefficient 1/σ is infinite in a step to σ = 0.
struct Divides {
  static constexpr int history = 1;
  std::string name() const { return "Divides"; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    stages.push_back({.time = grid[i].t, .next = grid[i + 1].t, .a = 1, .b = 1 / grid[i + 1].sigma});
  }
};

/// Somebody's own method, whose stages are all like one.
struct Own {
  azula::Stage stage;

  static constexpr int history = 2;
  std::string name() const { return "Own"; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid&, std::size_t) const { stages.push_back(stage); }
};

/// Whether every value is refused in a sentence that names the option.
template <class Make>
void check_refused(const std::string& option, const std::vector<double>& values, const Make& make) {
  for (const double value : values) {
    const std::string said = refusal(make(value));
    CAPTURE(option, azula::show(value), said);
    CHECK(said.find(": " + option + " must be") != std::string::npos);
    CHECK(said.find("got " + azula::show(value)) != std::string::npos);
  }
}

/// Whether a sampler with the option at the ends of its range has coefficients; NaN and infinity would be refused.
template <class Make>
void check_taken(const std::vector<double>& values, const Make& make) {
  for (const double value : values) {
    CAPTURE(azula::show(value));
    CHECK(refusal(make(value)).empty());
  }
}

}  // namespace

TEST_CASE("every option of every method has bounds", "[options]") {
  using namespace azula;
  const auto option = [](const std::string& name, const std::vector<double>& in, const std::vector<double>& out,
                         const auto& make) {
    check_taken(in, make);
    check_refused(name, out, make);
    check_refused(name, {not_a_number, infinity, -infinity}, make);
  };
  const std::vector<double> huge{-1, 101, 1e9, 1e300};
  option("eta", {0, 1e-310, 1e300}, {-1}, [](double v) { return DDIM{.eta = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return Ito{.eta = v}; });
  option("temperature", {1e-6, 1e6}, {0, -1, 1e-310, 1e9}, [](double v) { return Ito{.temperature = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return DPMSolverMultistepSDE<3>{.eta = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return DPMSolverSDE{.eta = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return DPMSolverNoiseSDE<2>{.eta = v}; });
  option("r", {0.001, 0.999}, {0, -1, 1e-310, 1}, [](double v) { return DPMSolverSDE{.r = v}; });
  option("r", {0.001, 1}, {0, -1, 1e-310, 1.1}, [](double v) { return DPMSolver2S{.r = v}; });
  option("r_1", {0.001, 0.6}, {0, -1, 1e-310, 0.7}, [](double v) { return DPMSolver3S{.r_1 = v}; });
  option("r_2", {0.4, 0.999}, {1, 1e-310, -1}, [](double v) { return DPMSolver3S{.r_2 = v}; });
  option("tau", {0, 1e-310, 10}, {-1, 11, 1e4}, [](double v) { return SASolver<3>{.tau = v}; });
  option("rho_min", {0, 1e-310, 1e300}, {-1}, [](double v) { return SASolver<3>{.rho_min = v}; });
  option("eta", {0, 1}, {-1, 2}, [](double v) { return EulerAncestral{.eta = v}; });
  option("eta", {0, 1}, {-1, 2}, [](double v) { return DPM2Ancestral{.eta = v}; });
  option("eta", {0, 1}, {-1, 2}, [](double v) { return DPMSolver2SAncestral{.eta = v}; });
  option("eta", {0, 1}, {-1, 2}, [](double v) { return FlowAncestral{.eta = v}; });
  option("gamma", {0, 1}, {-1, 2}, [](double v) { return TCD{.gamma = v}; });
  option("rho_min", {0, 1e-310, 1e300}, {-1}, [](double v) { return Renoise{.rho_min = v}; });
  option("eta", {0, 1}, {-1, 2}, [](double v) { return Ancestral{Heun{}, v}; });
  option("s_churn", {0, 1e300}, {-1}, [](double v) { return Churned{Euler{}, {.s_churn = v}}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return RES2S{.eta = v}; });
  option("r", {0.001, 1}, {0, -1, 1e-310, 1.1}, [](double v) { return RES2S{.eta = 1, .r = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return ExponentialHeun{.eta = v}; });
  option("eta", {0, 1e-310, 100}, huge, [](double v) { return SEEDS3{.eta = v}; });
  option("r_1", {0.001, 0.6}, {0, -1, 1e-310, 0.7}, [](double v) { return SEEDS3{.r_1 = v}; });
  option("r_2", {0.4, 0.999}, {1, 1e-310, -1}, [](double v) { return SEEDS3{.r_2 = v}; });
  option("gamma", {0, 100}, {-1, 101}, [](double v) { return GradientEstimation{.gamma = v}; });
  option("delta", {0, 1}, {-1, 2}, [](double v) { return PC{.delta = v}; });
  option("s_churn", {0, 1e300}, {-1}, [](double v) { return Heun{.churn = {.s_churn = v}}; });
  option("s_min", {0, 1e300}, {-1}, [](double v) { return DPM2{.churn = {.s_churn = 1, .s_min = v}}; });
  option("s_noise", {0, 100}, {-1, 1e300}, [](double v) { return Heun{.churn = {.s_churn = 1, .s_noise = v}}; });
  option("rho_min", {1e-300, 0.29}, {0, -1}, [](double v) { return Restart{Heun{}, {.rho_min = v}}; });
  option("rho_max", {0.4, 1}, {0.01, 1e300}, [](double v) { return Restart{Heun{}, {.rho_max = v}}; });
  option("s_noise", {0, 100}, {-1, 1e300}, [](double v) { return Restart{Heun{}, {.s_noise = v}}; });
  check_refused("corrections", {-1, 1001, 2e9}, [](double v) { return PC{.corrections = static_cast<int>(v)}; });
  check_refused("repeats", {-1, 1001, 2e9}, [](double v) { return Restart{Heun{}, {.repeats = static_cast<int>(v)}}; });
  check_refused("steps", {0, 1001, 2e9}, [](double v) { return Restart{Heun{}, {.steps = static_cast<int>(v)}}; });
}

TEST_CASE("bounds that may be infinite are taken, and NaN is not", "[options]") {
  using namespace azula;
  check_taken({1, infinity}, [](double v) { return SASolver<3>{.rho_max = v}; });
  check_refused("rho_max", {not_a_number, -infinity}, [](double v) { return SASolver<3>{.rho_max = v}; });
  check_taken({1, infinity}, [](double v) { return Heun{.churn = {.s_churn = 1, .s_max = v}}; });
  check_refused("s_max", {not_a_number, -infinity}, [](double v) { return Heun{.churn = {.s_churn = 1, .s_max = v}}; });
}

TEST_CASE("denoisers, schedules and times refuse what is no number", "[options]") {
  const auto refused = [](auto&& make) { return !complaint<std::invalid_argument>(make).empty(); };
  const Eigen::ArrayXd none = Eigen::ArrayXd::Constant(2, not_a_number);
  const azula::GaussianDenoiser trained(2.0, 0.25, azula::DiscreteSchedule(azula::scaled_linear_betas()));
  for (const double v : {not_a_number, infinity}) {
    CHECK(refused([&] { azula::GuidedDenoiser(denoiser, denoiser, v); }));
    CHECK(refused([&] { azula::GuidedDenoiser(denoiser, denoiser, 2.0, {.rescale = v}); }));
    CHECK(refused([&] { azula::ThresholdedDenoiser(denoiser, {.quantile = v}); }));
    CHECK(refused([&] { azula::ThresholdedDenoiser(denoiser, {.range = v}); }));
    CHECK(refused([&] { azula::MaskedDenoiser(denoiser, v, 0.0); }));
    CHECK(refused([&] { azula::MaskedDenoiser(denoiser, 1.0, v); }));
    CHECK(refused([&] { azula::GaussianDenoiser(v, 1.0, schedule); }));
    CHECK(refused([&] { azula::GaussianDenoiser(0.0, v, schedule); }));
    CHECK(refused([&] { azula::EmpiricalDenoiser(Eigen::ArrayXd::Constant(2, v), 0.1, schedule); }));
    CHECK(refused([&] { azula::EmpiricalDenoiser(Eigen::ArrayXd::Ones(2), v, schedule); }));
    CHECK(refused([&] { azula::SymmetricVJP(denoiser, v); }));
    CHECK(refused([&] { azula::EDMPrediction{v}.check(); }));
    CHECK(refused([&] { azula::EDMPrediction{.sigma_min = v}.check(); }));
    CHECK(refused([&] { azula::ConsistencyDenoiser(trained, {.sigma_data = v}); }));
    CHECK(refused([&] { azula::ConsistencyDenoiser(trained, {.timestep_scaling = v}); }));
    CHECK(refused([&] { azula::DiscreteSchedule(std::vector{0.1, v, 0.2}); }));
    CHECK(refused([&] { azula::DiscreteSchedule::from_alpha_bars(std::vector{0.9, v, 0.2}); }));
    CHECK(refused([&] { const azula::DiscreteSchedule discrete(azula::linear_betas()); discrete(v); }));
    CHECK(refused([&] { azula::EDMSchedule{.sigma_max = v}.check(); }));
    CHECK(refused([&] { azula::EDMSchedule{.rho = v}.check(); }));
    CHECK(refused([&] { azula::VPSchedule{.alpha_min = v}.check(); }));
    CHECK(refused([&] { azula::SongVPSchedule{.beta_max = v}.check(); }));
    CHECK(refused([&] { azula::ShiftedRectifiedSchedule{.shift = v}.check(); }));
    CHECK(refused([&] { azula::karras_times(schedule, {.steps = 4, .rho = v}); }));
    CHECK(refused([&] { azula::quadratic_times({.steps = 4, .power = v}); }));
    CHECK(refused([&] { azula::beta_times({.steps = 4, .alpha = v}); }));
    CHECK(refused([&] { azula::logit_normal_times(schedule, {.steps = 4, .mean = v}); }));
    CHECK(refused([&] { azula::logit_normal_times(schedule, {.steps = 4, .deviation = v}); }));
    CHECK(refused([&] { azula::linear_quadratic_times(schedule, {.steps = 4, .threshold = v}); }));
    CHECK(refused([&] { azula::linear_times({.start = v}); }));
    CHECK(refused([&] { azula::sigma_times(azula::VESchedule{}, std::vector{10.0, v, 0.2}); }));
    CHECK(refused([&] { azula::sigma_times(azula::VESchedule{}, std::vector{10.0}, {.tolerance = v}); }));
    CHECK(refused([&] { azula::Sampler(denoiser, azula::Euler{}, {.start = v}); }));
    CHECK(refused([&] { azula::Sampler(denoiser, azula::Euler{}, std::vector{1.0, v, 0.0}); }));
    CHECK(refused([&] { azula::AdaptiveSampler(denoiser, {.relative_tolerance = v}); }));
    CHECK(refused([&] { azula::AdaptiveSampler(denoiser, {.first_step = v}); }));
    const azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 4});
    Eigen::ArrayXXd x(2, 2);
    CHECK(refused([&] { sampler.init(x, azula::NormalSource(1), v); }));
    CHECK(refused([&] { sampler.init(x, azula::NormalSource(1), 0.0, v); }));
  }
  CHECK(refused([] { azula::GuidedDenoiser(denoiser, denoiser, 2.0, {.low = not_a_number}); }));
  CHECK(refused([] { azula::GuidedDenoiser(denoiser, denoiser, 2.0, {.high = not_a_number}); }));
  CHECK(refused([] { azula::ClampedDenoiser(denoiser, not_a_number, 1.0); }));
  CHECK(refused([] { azula::ClampedDenoiser(denoiser, 0.0, not_a_number); }));
  CHECK_FALSE(refused([] { azula::ClampedDenoiser(denoiser, 0.0, infinity); }));
  CHECK(refused([] { azula::ThresholdedDenoiser(denoiser, {.largest = not_a_number}); }));
  CHECK(refused([] { azula::DiscreteSchedule(std::vector{0.1, 1.0, 0.2}); }));
  CHECK(refused([&] { azula::PiGDMDenoiser(azula::SymmetricVJP(denoiser), azula::SelectionOperator({0, 1}), none); }));
}

TEST_CASE("NaN goes through a clamp and a threshold to the sampler's error", "[options]") {
  const auto bad = [](const auto& x_t, double, auto& mean) { mean = x_t, mean(1) = static_cast<float>(not_a_number); };
  const azula::FunctionDenoiser inner(bad, schedule);
  const auto said = [](const auto& d) {
    return complaint([&] { azula::Sampler(d, azula::Euler{}, {.steps = 2})(Eigen::ArrayXf(Eigen::ArrayXf::Ones(9))); });
  };
  CHECK(said(azula::ClampedDenoiser(inner)).find("the mean must be finite") != std::string::npos);
  CHECK(said(azula::ThresholdedDenoiser(inner)).find("the mean must be finite") != std::string::npos);
}

TEST_CASE("coefficients that a state's scalar cannot hold are refused where the run starts", "[options]") {
  const azula::VESchedule wide{.sigma_min = 1e-3, .sigma_max = 1e42};
  const azula::GaussianDenoiser data(0.0, 1.0, wide);
  const azula::Sampler sampler(data, azula::zAB<3>{}, {.steps = 64});
  const auto said = [&](const auto& x) { return complaint<std::invalid_argument>([&] { sampler.start(x); }); };
  CHECK(said(Eigen::ArrayXd(Eigen::ArrayXd::Ones(2))).empty());
  CHECK(said(Eigen::ArrayXf(Eigen::ArrayXf::Ones(2)))
            .find("azula::Sampler: the coefficients of zAB<3> must fit the scalar of the state, got ") == 0);
  Eigen::ArrayXf x(2);
  CHECK(complaint<std::invalid_argument>([&] { sampler.init(x, azula::NormalSource(1)); })
            .find("azula::Sampler: the initial state must fit its scalar, got ") == 0);
}

TEST_CASE("a method's own stages are checked, too", "[options]") {
  CHECK(refusal(Own{{.a = 1, .b = 1, .older = 1}}).empty());
  CHECK(refusal(Own{{.a = 1, .b = 1, .older = 2}}) ==
        "azula::Own: a stage must use fewer predictions before than the method's history, got 2");
  CHECK(refusal(Own{{.a = 1, .b = not_a_number}}) ==
        "azula::Own: with these times and options the coefficients must be finite, in the step from time 1 to 0.984375, got nan");
  const azula::GaussianDenoiser clean(0.0, 1.0, azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0});
  CHECK(complaint([&] { azula::Sampler(clean, Divides{}, std::vector{0.5, 0.12, 0.0}); }) ==
        "azula::Divides: with these times and options the coefficients must be finite, in the step from time 0.12 to 0 "
        "(sigma = 0 there), got inf");
}
