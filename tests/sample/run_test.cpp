#include "azula/sample/run.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <random>
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
#include "support/erased_method.hpp"

namespace {

using Batch = Eigen::ArrayXXf;

const azula::VPSchedule vp;
const azula::GaussianDenoiser gaussian(2.0, 0.25, vp);
const Batch initial = Batch::Ones(2000, 1);

/// A source whose draws fail after the first block, if it is told to.
struct Failing {
  bool* fail;

  struct Values {
    bool* fail;
    template <class Out>
    void fill(Out&& out, std::ptrdiff_t at) const {
      out.setConstant(0.5F);
      if (at > 0 && *fail) throw std::domain_error("the source has failed");
    }
  };
  Values next(const azula::Draw&) const { return {fail}; }
};

/// Churned Heun on an exploding schedule, whose states have the variance of the data plus σ².
const azula::EDMSchedule edm;
constexpr double variance = 0.25;
const azula::GaussianDenoiser wide(0.0, variance, edm);
const azula::Heun churned{.churn = {.s_churn = 40, .s_min = 0.05, .s_max = 50}};

}  // namespace

TEST_CASE("a mean that is not finite ends the run, which says so", "[run]") {
  const azula::Sampler sampler(gaussian, azula::zAB<2>{}, {.steps = 8});
  auto run = sampler.start(initial);
  std::optional before = run;
  while (run.step() < 3) {
    gaussian(run.state(), run.time(), run.mean());
    run.advance();
    before = run;
  }
  gaussian(run.state(), run.time(), run.mean());
  run.mean()(7) = NAN;
  CHECK_FALSE(complaint<std::runtime_error>([&] { run.advance(); }).empty());
  CHECK(run.done());
  CHECK(run.failed());
  CHECK(run.step() == 3);
  CHECK(complaint<std::logic_error>([&] { run.advance(); }).find(
            "azula::Run: advance() after an error in step 3, at time 0.625, which has ended the run") == 0);

  for (run = *before; !run.done(); run.advance()) gaussian(run.state(), run.time(), run.mean());
  CHECK_FALSE(run.failed());
  CHECK((run.state() == sampler(initial)).all());
}

TEST_CASE("a source that fails half way ends the run", "[run]") {
  const azula::Sampler sampler(gaussian, azula::DDPM{}, {.steps = 4});
  bool fail = false;
  Failing source{&fail};
  auto run = sampler.start(initial);
  gaussian(run.state(), run.time(), run.mean());
  run.advance(source);
  CHECK_FALSE(run.done());
  fail = true;
  gaussian(run.state(), run.time(), run.mean());
  CHECK(complaint<std::domain_error>([&] { run.advance(source); }) == "the source has failed");
  CHECK(run.failed());
  CHECK(run.done());
}

TEST_CASE("after an invalid argument nothing has changed, and the run goes on", "[run]") {
  const azula::Sampler sampler(gaussian, azula::DDPM{}, {.steps = 3});
  azula::NormalSource random(1), again(1);
  auto run = sampler.start(initial);
  while (!run.done()) {
    gaussian(run.state(), run.time(), run.mean());
    if (run.step() < 2) CHECK_FALSE(complaint<std::invalid_argument>([&] { run.advance(); }).empty());
    CHECK_FALSE(run.failed());
    run.advance(random);
  }
  CHECK((run.state() == sampler(initial, again)).all());
}

TEST_CASE("between steps a churned state has the noise of its time", "[run]") {
  const azula::Sampler sampler(wide, churned, {.steps = 100});
  azula::NormalSource random(1);
  Batch x(1, 100000);
  sampler.init(x, random, 0.0, variance);
  sampler(x, random, [&](const azula::StepInfo& step, const Batch& state) {
    const double sigma = edm(step.next).sigma, expected = variance + sigma * sigma;
    const double got = static_cast<double>(state.square().mean());
    CAPTURE(step.index, got, expected);
    CHECK(std::fabs(got / expected - 1) < 0.06);  // one churn more would be 0.4 at first, 0.2 at s_min
  });
}

TEST_CASE("a run from outside may ask whether a mean is wanted, and is the sampler's", "[run]") {
  const azula::Sampler sampler(wide, churned, {.steps = 18});
  azula::NormalSource random(1), same(1), third(1);
  const Batch x = 10 * initial;
  auto run = sampler.start(x), wasteful = sampler.start(x);
  std::ptrdiff_t asked = 0;
  while (!run.done()) {
    if (run.evaluates()) {
      wide(run.state(), run.time(), run.mean());
      ++asked;
    }
    run.advance(random);
  }
  while (!wasteful.done()) {
    wide(wasteful.state(), wasteful.time(), wasteful.mean());
    wasteful.advance(same);
  }
  CHECK(asked == run.evaluations());
  CHECK(asked == sampler.evaluations());
  CHECK(asked < static_cast<std::ptrdiff_t>(sampler.stages().size()));
  CHECK((run.state() == sampler(x, third)).all());
  CHECK((run.state() == wasteful.state()).all());
}

TEST_CASE("noise at the beginning of a step leaves the predictions alone, also from whole draws", "[run]") {
  // A stage that does not evaluate between two that use what was remembered.
  const azula::Restart method{azula::xEAB<3>{}, {.rho_min = 0.4, .rho_max = 2, .repeats = 2}};
  const azula::Sampler sampler(gaussian, method, {.start = 0.9, .stop = 0.1, .steps = 8});
  std::vector<azula::Stage> stages = sampler.stages();
  std::mt19937_64 engine(3), same(3);
  const Batch x = sampler(initial, engine);
  // The same by hand.
  std::vector<Batch> remembered;
  Batch y = initial, m = initial, noise = initial;
  for (const azula::Stage& stage : stages) {
    if (stage.evaluates) gaussian(y, stage.time, m);
    Batch next = static_cast<float>(stage.a) * y;
    if (stage.evaluates) next += static_cast<float>(stage.b) * m;
    for (std::size_t j = 0; j < static_cast<std::size_t>(stage.older); ++j) {
      next += static_cast<float>(stage.h[j]) * remembered[remembered.size() - 1 - j];
    }
    if (stage.c != 0) {
      Eigen::Map<Eigen::ArrayXf> flat(noise.data(), noise.size());
      azula::EngineSource(same).fill(flat);
      next += static_cast<float>(stage.c) * noise;
    }
    if (stage.evaluates) remembered.push_back(m);
    y = next;
  }
  CHECK((x - y).abs().maxCoeff() < 1e-4F);
}

namespace {

/// Two evaluations in the second step, of which the second is forgotten where noise is drawn; then both older
/// predictions are used.
struct Forgetful {
  static constexpr int history = 3;

  std::string name() const { return "Forgetful"; }
  void check() const {}
  void append(std::vector<azula::Stage>& stages, const azula::TimeGrid& grid, std::size_t i) const {
    azula::Stage stage{.time = grid[i].t, .next = grid[i + 1].t, .a = 0.5, .b = 0.3, .c = 0.2};
    stage.older = static_cast<int>((std::min)(i, std::size_t{2}));
    stage.h = {0.1, 0.05};
    stages.push_back(stage);
    if (i != 1) return;
    stages.back().c = 0;
    stage.older = 2;
    stage.drop = 1;
    stages.push_back(stage);
  }
};

}  // namespace

TEST_CASE("a whole draw of noise spares what is still remembered where a prediction is forgotten", "[run]") {
  const azula::Sampler sampler(gaussian, Forgetful{}, {.start = 0.9, .stop = 0.1, .steps = 5});
  const Eigen::ArrayXd start = Eigen::ArrayXd::LinSpaced(5, -1, 1);
  std::mt19937_64 engine(3), same(3);
  const Eigen::ArrayXd x = sampler(start, engine);
  Interpreter run(start);
  Eigen::ArrayXd mean(5), noise(5);
  for (const azula::Stage& stage : sampler.stages()) {
    gaussian(run.state(), stage.time, mean);
    if (stage.c != 0) azula::EngineSource(same).fill(Eigen::Map<Eigen::ArrayXd>(noise.data(), 5));
    run.advance(stage, mean, noise);
  }
  CHECK((x - run.state()).abs().maxCoeff() < 1e-13);
}

TEST_CASE("an observer may ask for the mean", "[run]") {
  const azula::Sampler sampler(gaussian, azula::zAB<2>{}, {.steps = 4});
  std::vector<Batch> means;
  const auto keep = [&](const azula::StepInfo&, const Batch&, const Batch& mean) { means.push_back(mean); };
  const Batch end = sampler(initial, keep);
  REQUIRE(means.size() == 4);
  auto run = sampler.start(initial);
  for (const Batch& mean : means) {
    gaussian(run.state(), run.time(), run.mean());
    CHECK((mean == run.mean()).all());
    run.advance();
  }
  CHECK((end == run.state()).all());
  const auto twice = [&](const azula::StepInfo& step, const Batch&, const Batch&) { return step.index < 1; };
  CHECK(sampler.run(initial, twice).steps == 2);
}

TEST_CASE("a result tells a stopped run from a finished one", "[run]") {
  const azula::Sampler sampler(gaussian, azula::Heun{}, {.steps = 4});
  const auto whole = sampler.run(initial);
  CHECK(whole.finished);
  CHECK(whole.steps == 4);
  CHECK(whole.evaluations == sampler.evaluations());
  CHECK((whole.state == sampler(initial)).all());
  const auto until = [&](std::ptrdiff_t last) {
    return sampler.run(initial, [=](const azula::StepInfo& step, const Batch&) { return step.index < last; });
  };
  CHECK_FALSE(until(1).finished);
  CHECK(until(1).steps == 2);
  CHECK(until(1).evaluations == 4);
  CHECK(until(3).finished);  // told after the last step that there are enough
  CHECK(until(4).finished);
}
