#include "azula/sample/step_log_density.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/random/replay_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using Batch = Eigen::ArrayXXd;

const azula::VPSchedule vp;
const double log_2_pi = std::log(2 * std::numbers::pi);

/// log N(x; mean, K)
double log_gaussian(const Eigen::VectorXd& x, const Eigen::VectorXd& mean, const Eigen::MatrixXd& covariance) {
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  const Eigen::VectorXd white = factor.matrixL().solve(x - mean);
  const double log_determinant = 2 * Eigen::ArrayXd(Eigen::MatrixXd(factor.matrixL()).diagonal()).log().sum();
  return -(white.squaredNorm() + log_determinant + static_cast<double>(x.size()) * log_2_pi) / 2;
}

/// The states of a run and, of each sample, the log-density of its way from the first one.
struct Path {
  std::vector<Batch> states;
  Eigen::ArrayXd log_density;
};

template <class D, class M>
Path path_of(const D& denoiser, const M& method, const Batch& x, azula::NormalSource random) {
  const azula::Sampler sampler(denoiser, method, {.start = 0.95, .stop = 0.2, .steps = 6, .silent = true});
  auto run = sampler.start(x);
  Path path{{x}, Eigen::ArrayXd::Zero(x.cols())};
  while (!run.done()) {
    denoiser(run.state(), run.time(), run.mean());
    const auto before = run;
    run.advance(random);
    path.log_density += azula::step_log_density(before, run.state());
    path.states.push_back(run.state());
  }
  return path;
}

}  // namespace

TEST_CASE("the densities of DDPM's steps are those of the diffusion of a point, along the whole path", "[density]") {
  // x at times t > s of the diffusion of a point has the covariance α_t/α_s σ_s².
  const double point = 0.7;
  const azula::GaussianDenoiser denoiser(point, 0.0, vp);
  azula::NormalSource random(3);
  const auto [first_alpha, first_sigma] = vp(0.95);
  Batch x(1, 5);
  x = first_alpha * point + first_sigma * Batch::Random(1, 5);
  const Path path = path_of(denoiser, azula::DDPM{}, x, random);

  const Eigen::Index n = 7;
  Eigen::VectorXd mean(n), value(n);
  Eigen::MatrixXd covariance(n, n);
  const azula::Sampler sampler(denoiser, azula::DDPM{}, {.start = 0.95, .stop = 0.2, .steps = 6, .silent = true});
  const Eigen::ArrayXd times = sampler.timesteps();
  for (Eigen::Index i = 0; i < n; ++i) {
    mean(i) = vp(times(i)).alpha * point;
    for (Eigen::Index j = i; j < n; ++j) {
      const auto later = vp(times(j));
      covariance(i, j) = covariance(j, i) = vp(times(i)).alpha / later.alpha * later.sigma * later.sigma;
    }
  }
  for (Eigen::Index sample = 0; sample < 5; ++sample) {
    for (Eigen::Index i = 0; i < n; ++i) value(i) = path.states[static_cast<std::size_t>(i)](0, sample);
    const double noise = (value(0) - mean(0)) / first_sigma;
    const double prior = -(noise * noise + log_2_pi) / 2 - std::log(first_sigma);
    const double expected = log_gaussian(value, mean, covariance);
    CHECK(std::fabs(prior + path.log_density(sample) - expected) < 1e-9);
  }
}

TEST_CASE("the densities of a chain of Gaussians are that of its joint Gaussian", "[density]") {
  const double mu = -0.4, v = 0.3;
  const azula::GaussianDenoiser denoiser(mu, v, vp);
  const azula::DDIM method{.eta = 0.5};
  const azula::Sampler sampler(denoiser, method, {.start = 0.95, .stop = 0.2, .steps = 6, .silent = true});
  const Batch x = Batch::Random(1, 4);
  const Path path = path_of(denoiser, method, x, azula::NormalSource(8));
  constexpr Eigen::Index n = 6;
  for (Eigen::Index sample = 0; sample < 4; ++sample) {
    // The states after the first are linear in the noise: x_k = centre_k + Σ_j ways_kj ε_j.
    Eigen::VectorXd centre(n), value(n);
    Eigen::MatrixXd ways(n, n);
    double last = x(0, sample);
    Eigen::RowVectorXd way = Eigen::RowVectorXd::Zero(n);
    for (Eigen::Index k = 0; k < n; ++k) {
      const azula::Stage& stage = sampler.stages()[static_cast<std::size_t>(k)];
      const auto [alpha, sigma] = vp(stage.time);
      const double gain = alpha * v / (alpha * alpha * v + sigma * sigma);  // m = μ + gain (x - α μ)
      last = stage.a * last + stage.b * (mu + gain * (last - alpha * mu));
      way *= stage.a + stage.b * gain;
      way(k) = stage.c;
      centre(k) = last;
      ways.row(k) = way;
      value(k) = path.states[static_cast<std::size_t>(k) + 1](0, sample);
    }
    CHECK(std::fabs(path.log_density(sample) - log_gaussian(value, centre, ways * ways.transpose())) < 1e-9);
  }
}

namespace {

/// The largest distance of a stage's log-density from that of the noise that it drew, over all stages that draw some.
template <class T, class M>
double distance(const M& method) {
  using X = Eigen::ArrayXX<T>;
  const azula::GaussianDenoiser denoiser(0.3, 0.5, vp);
  const azula::Sampler sampler(denoiser, method, {.start = 0.95, .stop = 0.1, .steps = 8, .silent = true});
  const Batch draws = Batch::Random(10, 100);  // two samples of five values
  azula::ReplaySource random(draws);
  auto run = sampler.start(X(X::Random(5, 2)));
  double worst = 0;
  std::size_t stages = 0;
  while (!run.done()) {
    if (run.evaluates()) denoiser(run.state(), run.time(), run.mean());
    const auto before = run;
    const auto number = random.draw();
    run.advance(random);
    const double c = before.stage().c;
    if (c == 0) continue;
    ++stages;
    const Batch noise = draws.col(number).reshaped(5, 2);
    const Eigen::ArrayXd expected = -noise.square().colwise().sum().transpose() / 2 - 5 * (std::log(c) + log_2_pi / 2);
    worst = std::fmax(worst, (azula::step_log_density(before, run.state()) - expected).abs().maxCoeff());
  }
  REQUIRE(stages > 1);
  return worst;
}

}  // namespace

TEST_CASE("a stage's density is that of its noise, for methods of every kind", "[density]") {
  CHECK(distance<double>(azula::DDPM{}) < 1e-11);
  CHECK(distance<double>(azula::DPMSolverMultistepSDE<3>{}) < 1e-11);  // by predictions before
  CHECK(distance<double>(azula::SASolver<3>{}) < 1e-11);
  CHECK(distance<double>(azula::SEEDS3{}) < 1e-11);                      // of several stages
  CHECK(distance<double>(azula::Churned{azula::Euler{}, {.s_churn = 20}}) < 1e-11);  // whose noisy stage asks for no mean
  CHECK(distance<float>(azula::FlowAncestral{}) < 1e-4);
}

TEST_CASE("densities are refused where there are none, or something is missing", "[density]") {
  const Batch x = Batch::Ones(3, 2), mean = Batch::Zero(3, 2);
  const azula::Stage stage{.step = 2, .time = 0.5, .next = 0.25, .a = 0.5, .b = 0.5, .c = 0.1, .older = 1, .h = {0.5}};
  const auto refusal = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  const auto without_noise = [&] {
    azula::Stage other = stage;
    other.c = 0;
    azula::step_log_density(other, x, mean, x, {&mean});
  };
  CHECK(refusal(without_noise) ==
        "azula::step_log_density: a stage must have noise, without which there is no density, got one of step 2, from time "
        "0.5 to 0.25");
  CHECK(refusal([&] { azula::step_log_density(stage, x, mean, x); }) ==
        "azula::step_log_density: the stage uses 1 predictions before, got 0");
  CHECK(refusal([&] { azula::step_log_density(stage, x, mean, Batch(Batch::Ones(2, 2)), {&mean}); }) ==
        "azula::step_log_density: the next state must have the shape of the state, 3 x 2, got 2 x 2");
  CHECK(refusal([&] { azula::step_log_density(stage, x, Batch(Batch::Ones(3, 1)), x, {&mean}); }) ==
        "azula::step_log_density: the mean must have the shape of the state, 3 x 2, got 3 x 1");
  // By hand: 1 - 1/2 - 1/2 x 3 of six values in two samples.
  const Eigen::ArrayXd value = azula::step_log_density(stage, x, Batch(3 * x), x, {&mean});
  REQUIRE(value.size() == 2);
  CHECK(std::fabs(value(1) - (-3 * 100 / 2.0 - 3 * (std::log(0.1) + log_2_pi / 2))) < 1e-12);

  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, vp), azula::Euler{}, {.steps = 1, .silent = true});
  auto run = sampler.start(x);
  CHECK(refusal([&] { azula::step_log_density(run, x); }).find("a stage must have noise") != std::string::npos);
  run.mean().setZero();
  run.advance();
  CHECK(complaint<std::logic_error>([&] { azula::step_log_density(run, x); }).find("after the end of the run") !=
        std::string::npos);
}
