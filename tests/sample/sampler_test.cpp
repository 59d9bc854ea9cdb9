#include "azula/sample/sampler.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <list>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "azula/denoise.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/plan/stage_table.hpp"
#include "azula/random.hpp"
#include "azula/sample/names.hpp"
#include "azula/time.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Eigen::ArrayXXd;
using Denoiser = AnyDenoiser<ArrayXXd>;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

const azula::VPSchedule schedule;

Denoiser mixture(const AnySchedule& noise = {schedule}) {
  const Eigen::MatrixXd means{{1.0, -2.0}, {0.5, 0.0}, {-1.0, 1.0}};
  return Denoiser(
      azula::MixtureDenoiser(Eigen::ArrayXd{{0.3, 0.7}}, means, Eigen::ArrayXd{{0.1, 0.4}}, noise));
}

/// A batch of four samples, one per column, as a sampler's start() is given it.
ArrayXXd noise(std::uint64_t seed = 1) {
  ArrayXXd x(3, 4);
  azula::NormalSource random(seed);
  random.fill(x.reshaped());
  return x;
}

std::string what(const auto& call) {
  return complaint<std::invalid_argument>(call);
}

}  // namespace

TEST_CASE("a caller's own loop does what a call does, for one stage per step, several, and with noise",
          "[run]") {
  const auto compare = [](const auto& method, std::ptrdiff_t evaluations) {
    const azula::Sampler sampler(mixture(), method, {.steps = 6});
    azula::NormalSource random(3), same(3);
    auto run = sampler.start(noise());
    std::ptrdiff_t count = 0, steps = 0;
    double time = 2;
    while (!run.done()) {
      const azula::Stage& stage = sampler.stages()[static_cast<std::size_t>(count)];
      REQUIRE(run.evaluations() == count);
      REQUIRE(run.step() == stage.step);
      REQUIRE(run.steps() == 6);
      REQUIRE(run.time() == stage.time);
      REQUIRE(run.time() <= time);
      time = run.time();
      sampler.denoiser()(run.state(), run.time(), run.mean());
      const std::ptrdiff_t step = run.step();
      run.advance(random);
      steps += run.step() - step;
      ++count;
    }
    REQUIRE(count == evaluations);
    REQUIRE(steps == 6);
    REQUIRE(run.step() == 6);
    REQUIRE(run.time() == 0);
    REQUIRE((run.state() == sampler(noise(), same)).all());
  };
  compare(azula::xEAB<3>{}, 6);
  compare(azula::Heun{}, 12);
  compare(azula::DDPM{}, 6);
  compare(azula::PC{.corrections = 2, .delta = 0.1}, 18);
}

TEST_CASE("a copy of a run is a fork", "[run]") {
  const azula::Sampler sampler(mixture(), azula::zAB<3>{}, {.steps = 8});
  const auto step = [&](auto& run) {
    sampler.denoiser()(run.state(), run.time(), run.mean());
    run.advance();
  };
  auto run = sampler.start(noise());
  for (int i = 0; i < 4; ++i) step(run);
  auto fork = run;
  const ArrayXXd at_fork = fork.state();
  while (!run.done()) step(run);
  REQUIRE((fork.state() == at_fork).all());
  REQUIRE(fork.step() == 4);
  while (!fork.done()) step(fork);
  REQUIRE((fork.state() == run.state()).all());
  REQUIRE((run.state() == sampler(noise())).all());
}

TEST_CASE("a run outlives its sampler", "[run]") {
  auto run = azula::Sampler(mixture(), azula::Heun{}, {.steps = 3}).start(noise());
  const Denoiser denoiser = mixture();
  while (!run.done()) {
    denoiser(run.state(), run.time(), run.mean());
    run.advance();
  }
  REQUIRE((std::move(run).state() == azula::Sampler(denoiser, azula::Heun{}, {.steps = 3})(noise())).all());
}

TEST_CASE("an observer is told of every step, and may stop the run", "[run]") {
  const azula::Sampler sampler(mixture(), azula::Heun{}, {.start = 0.9, .stop = 0.1, .steps = 5});
  const Eigen::ArrayXd t = sampler.timesteps();
  std::vector<azula::StepInfo> told;
  ArrayXXd last;
  const ArrayXXd end = sampler(noise(), [&](const azula::StepInfo& step, const ArrayXXd& x) {
    told.push_back(step);
    last = x;
  });
  REQUIRE(told.size() == 5);
  for (std::size_t i = 0; i < told.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    REQUIRE(told[i].index == at);
    REQUIRE(told[i].steps == 5);
    REQUIRE(told[i].time == t(at));
    REQUIRE(told[i].next == t(at + 1));
  }
  REQUIRE((last == end).all());

  int calls = 0;
  const ArrayXXd stopped = sampler(noise(), [&](const azula::StepInfo& step, const auto& x) {
    ++calls;
    last = x;
    return step.index < 2;
  });
  REQUIRE(calls == 3);
  REQUIRE((stopped == last).all());
}

TEST_CASE("an observer and a random source go together", "[run]") {
  const azula::Sampler sampler(mixture(), azula::DDPM{}, {.steps = 5});
  azula::NormalSource random(3), same(3);
  int calls = 0;
  const ArrayXXd x = sampler(noise(), random, [&](const azula::StepInfo&, const ArrayXXd&) { ++calls; });
  REQUIRE(calls == 5);
  REQUIRE((x == sampler(noise(), same)).all());
  std::mt19937_64 engine(7), again(7);
  REQUIRE((sampler(noise(), engine) == sampler(noise(), again)).all());
}

TEST_CASE("a sampler says what it is", "[sampler]") {
  const azula::Sampler sampler(mixture(), azula::zEAB<3>{}, {.start = 0.8, .stop = 0.2, .steps = 3});
  const Eigen::ArrayXd expected{{0.8, 0.6, 0.4, 0.2}};
  REQUIRE((sampler.timesteps() - expected).abs().maxCoeff() < 1e-15);
  REQUIRE(sampler.timesteps()(0) == 0.8);
  REQUIRE(sampler.timesteps()(3) == 0.2);
  REQUIRE(sampler.steps() == 3);
  REQUIRE(sampler.stages().size() == 3);
  REQUIRE(sampler.method().name() == "zEAB<3>");
  const azula::DDIMSampler<Denoiser> named(mixture(), {.eta = 0.5});
  REQUIRE(named.steps() == 64);
  REQUIRE(azula::xEABSampler<Denoiser>(mixture(), {}).method().name() == "xEAB<2>");
  REQUIRE(azula::zABSampler<Denoiser, 3>(mixture()).steps() == 64);
  REQUIRE(azula::zABSampler<Denoiser, 3>(mixture(), {.steps = 32}).steps() == 32);
  REQUIRE(azula::DDIMSampler<Denoiser>(mixture(), {.eta = 0.5}).method().eta == 0.5);
  REQUIRE(azula::HeunSampler<Denoiser>(mixture(), std::vector{0.9, 0.5, 0.1}).steps() == 2);
  REQUIRE(azula::HeunSampler<Denoiser>(mixture(), std::vector{0.9, 0.1}, {.silent = true}).steps() == 1);
}

TEST_CASE("times may come as any range of numbers", "[sampler]") {
  const auto steps = [](const auto& times) {
    return azula::Sampler(mixture(), azula::Euler{}, times).timesteps();
  };
  const std::vector<double> times{1, 0.5, 0.25, 0};
  const Eigen::ArrayXd expected{{1, 0.5, 0.25, 0}};
  REQUIRE((steps(times) == expected).all());
  REQUIRE((steps(expected) == expected).all());
  REQUIRE((steps(Eigen::ArrayXf(expected.cast<float>())) == expected).all());
  REQUIRE((steps(Eigen::VectorXd(expected.matrix())) == expected).all());
  REQUIRE((steps(std::list<double>(times.begin(), times.end())) == expected).all());
  struct Counted {  // its end is of another type
    const double* first;
    auto begin() const { return std::counted_iterator(first, 4); }
    auto end() const { return std::default_sentinel; }
  };
  REQUIRE((steps(Counted{times.data()}) == expected).all());
  REQUIRE((steps(std::array<double, 4>{1, 0.5, 0.25, 0}) == expected).all());
  REQUIRE((steps(std::initializer_list<double>{1, 0.5, 0.25, 0}) == expected).all());
  REQUIRE(
      (steps(Eigen::ArrayXd::LinSpaced(5, 1, 0)) - Eigen::ArrayXd{{1, 0.75, 0.5, 0.25, 0}}).abs().maxCoeff() <
      1e-15);
}

TEST_CASE("a denoiser may be called by reference, and then is not copied", "[sampler]") {
  struct Counting {
    mutable int calls = 0;
    azula::VPSchedule vp{};
    Counting() = default;
    Counting(const Counting&) = delete;
    const azula::VPSchedule& schedule() const { return vp; }
    ArrayXXd operator()(const ArrayXXd& x, double) const {
      ++calls;
      return 0.5 * x;
    }
  };
  const Counting denoiser;
  const azula::Sampler sampler(std::ref(denoiser), azula::Heun{}, {.steps = 4});
  sampler(noise());
  REQUIRE(denoiser.calls == 8);
  REQUIRE(&sampler.denoiser() == &denoiser);
}

TEST_CASE("a denoiser may return a mean or a posterior, or write, with scratch memory or without",
          "[sampler]") {
  struct Base {
    azula::VPSchedule vp{};
    const azula::VPSchedule& schedule() const { return vp; }
  };
  struct Returns : Base {
    ArrayXXd operator()(const ArrayXXd& x, double) const { return 0.5 * x; }
  };
  struct Posterior : Base {
    azula::DiracPosterior<ArrayXXd> operator()(const ArrayXXd& x, double) const { return {0.5 * x}; }
  };
  struct Writes : Base {
    void operator()(const ArrayXXd& x, double, ArrayXXd& mean) const { mean = 0.5 * x; }
  };
  struct Scratch : Base {
    void operator()(const ArrayXXd& x, double, ArrayXXd& mean, ArrayXXd& scratch) const {
      REQUIRE(scratch.rows() == 3);
      scratch = 0.25 * x;
      mean = 2 * scratch;
    }
  };
  const auto draw = [](const auto& denoiser) {
    return azula::Sampler(denoiser, azula::xEAB<2>{}, {.steps = 5})(noise());
  };
  const ArrayXXd expected = draw(Returns{});
  REQUIRE((draw(Posterior{}) == expected).all());
  REQUIRE((draw(Writes{}) == expected).all());
  REQUIRE((draw(Scratch{}) == expected).all());
}

TEST_CASE("calls are const and threads may share a sampler", "[sampler][threads]") {
  const azula::Sampler sampler(mixture(), azula::DDIM{.eta = 0.5}, {.steps = 20});
  std::array<ArrayXXd, 4> results;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      azula::NormalSource random(3);
      results[i] = sampler(noise(), random);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const ArrayXXd& result : results) REQUIRE((result == results[0]).all());
}

TEST_CASE("the initial state has the mean and the variance of x_T", "[sampler]") {
  const azula::Sampler sampler(mixture(), azula::Euler{}, {.start = 0.4, .steps = 2});
  const auto [a, s] = schedule(0.4);
  const ArrayXXd draw = noise(9);
  const auto init = [&](ArrayXXd x, const auto&... moments) {
    azula::ReplaySource random(Eigen::ArrayXXd(draw.reshaped()));
    sampler.init(x, random, moments...);
    return x;
  };
  const ArrayXXd x(3, 4);
  const auto close = [](const ArrayXXd& p, const ArrayXXd& q) { return (p - q).abs().maxCoeff() < 1e-15; };
  REQUIRE(close(init(x), std::sqrt(a * a + s * s) * draw));
  REQUIRE(close(init(x, 0.5, 2.0), 0.5 * a + std::sqrt(2 * a * a + s * s) * draw));
  REQUIRE(close(init(x, 1, 0), a + s * draw));
  const Eigen::Array3d mean(1, 2, 3), variance(0.5, 0, 2);
  const ArrayXXd expected = (draw.colwise() * (a * a * variance + s * s).sqrt()).colwise() + a * mean;
  REQUIRE(close(init(x, mean, variance), expected));
  REQUIRE(close(init(x, mean.cast<float>(), variance.matrix()), expected));
  const ArrayXXd each = ArrayXXd::Random(3, 4), across = each.transpose();
  REQUIRE(close(init(x, each, 0.0), a * each + s * draw));
  REQUIRE(close(init(x, across.transpose(), 0.0), a * each + s * draw));
  const Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = each;
  REQUIRE(close(init(x, rows, 0.0), a * each + s * draw));
}

TEST_CASE("an initial state that does not fit is an error", "[sampler]") {
  const azula::Sampler sampler(mixture(), azula::Euler{}, {.steps = 2});
  ArrayXXd x(3, 4);
  azula::NormalSource random(1);
  CHECK(what([&] { sampler.init(x, random, Eigen::Array2d(1, 2)); }) ==
        "azula::Sampler: the mean must be one number, have the shape of a sample (3) or of the state (3 x 4), got 2 x 1");
  CHECK(what([&] { sampler.init(x, random, 0.0, Eigen::ArrayXd(Eigen::ArrayXd::Ones(4))); }) ==
        "azula::Sampler: the variance must be one number, have the shape of a sample (3) or of the state (3 x 4), got 4 x 1");
  CHECK(what([&] { sampler.init(x, random, 0.0, -1.0); }) ==
        "azula::Sampler: the variance must be finite and not negative, got -1");
  CHECK_THAT(what([&] { sampler.init(x, random, 0.0, not_a_number); }),
             ContainsSubstring("must be finite and not negative, got nan"));
  CHECK(what([&] { sampler.init(x, random, 0.0, infinity); }) ==
        "azula::Sampler: the variance must be finite and not negative, got inf");
  CHECK(what([&] { sampler.init(x, random, not_a_number); }) == "azula::Sampler: the mean must be finite, got nan");
}

TEST_CASE("a table of stages holds numbers that read back exactly", "[sampler]") {
  const azula::Sampler sampler(mixture(), azula::zAB<3>{}, {.steps = 4});
  std::ostringstream out;
  out << sampler.stages();
  std::istringstream in(out.str());
  std::string line;
  std::getline(in, line);
  REQUIRE(line == "# p = u x + v m;  x <- a x + b m + sum_j h_j p_j + c e");
  std::getline(in, line);
  for (const char* name : {"# step", "time", "next", " a", " b", " c", " u", " v", "h_1", "h_2"}) {
    CHECK_THAT(line, ContainsSubstring(name));
  }
  for (const azula::Stage& stage : sampler.stages()) {
    std::getline(in, line);
    std::istringstream fields(line);
    std::ptrdiff_t step = -1;
    fields >> step;
    REQUIRE(step == stage.step);
    for (const double expected :
         {stage.time, stage.next, stage.a, stage.b, stage.c, stage.u, stage.v, stage.h[0], stage.h[1]}) {
      double value = not_a_number;
      fields >> value;
      REQUIRE(value == expected);
    }
    std::string more;
    REQUIRE(!(fields >> more));
  }
  REQUIRE(!std::getline(in, line));
}

TEST_CASE("a table of stages has a column for dropped predictions if there are any", "[sampler]") {
  const auto table = [](const auto& method) {
    std::ostringstream out;
    out << azula::Sampler(mixture(), method, {.start = 0.9, .stop = 0.1, .steps = 4}).stages();
    return out.str();
  };
  CHECK(table(azula::xEAB<3>{}).find("drop") == std::string::npos);
  const azula::Sampler started(mixture(), azula::Started{azula::xEAB<3>{}}, {.start = 0.9, .stop = 0.1, .steps = 4});
  std::istringstream in(table(azula::Started{azula::xEAB<3>{}}));
  std::string line;
  std::getline(in, line);
  std::getline(in, line);
  CHECK_THAT(line, EndsWith("  drop"));
  int dropped = 0;
  for (const azula::Stage& stage : started.stages()) {
    std::getline(in, line);
    REQUIRE(std::stoi(line.substr(line.rfind(' '))) == stage.drop);
    dropped += stage.drop;
  }
  CHECK(dropped > 0);
}

TEST_CASE("steps and times that are no grid are errors", "[sampler]") {
  const auto steps = [](std::ptrdiff_t n) {
    return what([&] { azula::Sampler(mixture(), azula::Euler{}, {.steps = n}); });
  };
  CHECK(steps(0) == "azula::Sampler: steps must be at least 1, got 0");
  CHECK(steps(-5) == "azula::Sampler: steps must be at least 1, got -5");
  CHECK(steps(2'000'000) == "azula::Sampler: steps must be at most 1000000, got 2000000");
  CHECK(what([&] { azula::Sampler(mixture(), azula::PC{.corrections = 1000}, {.steps = 1000}); }) ==
        "azula::Sampler: evaluations in all must be at most 1000000, got 1001000");
  CHECK(what([&] { azula::Sampler(mixture(), azula::Euler{}, {.start = 0.5, .stop = 0.5}); }) ==
        "azula::Sampler: start and stop must differ, got 0.5");
  CHECK(what([&] { azula::Sampler(mixture(), azula::Euler{}, {.start = not_a_number}); }) ==
        "azula::Sampler: start must be finite, got nan");
  const auto times = [](const std::vector<double>& t) {
    return what([&] { azula::Sampler(mixture(), azula::Euler{}, t); });
  };
  CHECK(times({}) == "azula::Sampler: at least two times are needed, got 0");
  CHECK(times({1}) == "azula::Sampler: at least two times are needed, got 1");
  CHECK(times({1, 0.5, 0.5, 0}) == "azula::Sampler: times must fall, noisy first, got 0.5 after 0.5");
  CHECK(times({0.5, 0.5}) == "azula::Sampler: times must fall, noisy first, got 0.5 after 0.5");
  CHECK(times({1, 0.5, 0.7}) == "azula::Sampler: times must fall, noisy first, got 0.7 after 0.5");
  CHECK(times({0.1, 0.5, 0.4}) == "azula::Sampler: times that begin to rise must rise, got 0.4 after 0.5");
  CHECK(times({1, not_a_number, 0}) == "azula::Sampler: times must be finite, got nan");
  CHECK(times({infinity, 0}) == "azula::Sampler: times must be finite, got inf");
}

TEST_CASE("a schedule that is none along the grid is an error that names the time", "[sampler]") {
  const auto sampler = [](const AnySchedule& noise) {
    return what([&] { azula::Sampler(mixture(noise), azula::Euler{}, {.steps = 4}); });
  };
  CHECK_THAT(sampler({[](double t) {
               return azula::Scales{t, 1 - t};
             }}),
             ContainsSubstring(
                 "azula::Sampler: the signal-to-noise ratio alpha/sigma must rise from each time to the "
                 "next, got 3 at time 0.75 after inf at time 1"));
  CHECK_THAT(sampler({[](double t) {
               return azula::Scales{1, t == 0.5 ? 0 : t};
             }}),
             ContainsSubstring("at time 0.25 after inf at time 0.5"));
  CHECK_THAT(sampler({[](double) {
               return azula::Scales{1, 1};
             }}),
             ContainsSubstring("must rise from each time to the next, got 1 at time 0.75 after 1"));
  CHECK(sampler({[](double t) {
          return azula::Scales{t == 0.5 ? not_a_number : 1 - t, t};
        }}) == "azula::Sampler: alpha must be finite and not negative at time 0.5, got nan");
  CHECK(sampler({[](double t) {
          return azula::Scales{1 - t, t == 0.25 ? not_a_number : t};
        }}) == "azula::Sampler: sigma must be finite and not negative at time 0.25, got nan");
  CHECK(sampler({[](double t) {
          return azula::Scales{1 - t, t - 0.1};
        }}) == "azula::Sampler: sigma must be finite and not negative at time 0, got -0.1");
  CHECK(sampler({[](double t) {
          return azula::Scales{1, t == 1 ? infinity : t};
        }}) == "azula::Sampler: sigma must be finite and not negative at time 1, got inf");
}

TEST_CASE("a schedule with parameters out of range is found when a sampler is built", "[sampler]") {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{.alpha_min = 2});
  CHECK(what([&] { azula::Sampler(denoiser, azula::Euler{}); }) ==
        "azula::VPSchedule: alpha_min must be in (0, 1), got 2");
}

TEST_CASE("a stochastic method without a source is an error that names it", "[sampler]") {
  CHECK_THAT(what([] { azula::Sampler(mixture(), azula::DDPM{}, {.steps = 2})(noise()); }),
             ContainsSubstring("azula::Sampler: DDPM draws noise: pass a random source"));
  CHECK_THAT(what([] { azula::Sampler(mixture(), azula::PC{}, {.steps = 2})(noise()); }),
             ContainsSubstring("PC draws noise"));
  CHECK(what([] { azula::Sampler(mixture(), azula::DDIM{.eta = 0}, {.steps = 2})(noise()); }).empty());
}

TEST_CASE("a mean of another shape is an error that names both", "[sampler]") {
  const auto crop = [](const ArrayXXd& x, double, ArrayXXd& mean) { mean = x.topRows(2); };
  const azula::Sampler sampler(azula::FunctionDenoiser(crop, schedule), azula::Euler{}, {.steps = 2});
  CHECK(what([&] { sampler(noise()); }) ==
        "azula::Sampler: the mean must have the shape of the state, 3 x 4, got 2 x 4");
  auto run = sampler.start(noise());
  run.mean().resize(4, 3);
  CHECK(what([&] { run.advance(); }) ==
        "azula::Run: the mean must have the shape of the state, 3 x 4, got 4 x 3");
}

TEST_CASE("a mean that is not finite is an error that names step and time, unless switched off",
          "[sampler]") {
  for (const double bad : {not_a_number, infinity, -infinity}) {
    const auto spoilt = [bad](const ArrayXXd& x, double t, ArrayXXd& mean) {
      mean = 0.5 * x;
      if (t == 0.5) mean(2, 3) = bad;
    };
    const azula::FunctionDenoiser denoiser(spoilt, schedule);
    const std::string message = complaint<std::runtime_error>(
        [&] { azula::Sampler(denoiser, azula::zAB<2>{}, {.steps = 4})(noise()); });
    CHECK(message ==
          "azula::Sampler: the mean must be finite, got NaN or infinity in step 2 of zAB<2>, at time 0.5, in sample 3");
    azula::NormalSource random(1);
    CHECK_THAT(complaint<std::runtime_error>(
                   [&] { azula::Sampler(denoiser, azula::DDPM{}, {.steps = 4})(noise(), random); }),
               ContainsSubstring("in step 2 of DDPM, at time 0.5"));
    const ArrayXXd x = azula::Sampler(denoiser, azula::Euler{}, {.steps = 4, .check_finite = false})(noise());
    CHECK(!std::isfinite(x(2, 3)));
    CHECK(std::isfinite(x(1, 3)));
  }
}

TEST_CASE("a mean that is not finite is blamed on the sample, and on the state where that was not finite", "[sampler]") {
  const auto half = [](const auto& x, double, auto& mean) { mean = 0.5 * x; };
  const azula::Sampler healthy(azula::FunctionDenoiser(half, schedule), azula::zAB<2>{}, {.steps = 4});
  const std::string said = "azula::Sampler: the mean must be finite, got NaN or infinity in step 0 of zAB<2>, at time 1";
  ArrayXXd x = noise();
  x(0, 1) = not_a_number;
  x(2, 3) = infinity;
  CHECK(complaint<std::runtime_error>([&] { healthy(x); }) ==
        said + ", in sample 1; sample 1 of the state passed to the sampler is not finite either");
  CHECK(complaint<std::runtime_error>([&] { healthy(ArrayXXd(x)); }) == said + ", in sample 1");
  CHECK(complaint<std::runtime_error>([&] { healthy(Eigen::Map<ArrayXXd>(x.data(), 3, 4)); }) == said + ", in sample 1");

  const auto spoilt = [](const ArrayXXd& x_t, double, ArrayXXd& mean) { mean = x_t, mean(1, 2) = infinity; };
  const azula::Sampler sick(azula::FunctionDenoiser(spoilt, schedule), azula::zAB<2>{}, {.steps = 4});
  const ArrayXXd good = noise();
  CHECK(complaint<std::runtime_error>([&] { sick(good); }) ==
        said + ", in sample 2; the state passed to the sampler is finite");

  Eigen::ArrayXd one = good.col(0);
  one(1) = not_a_number;
  CHECK(complaint<std::runtime_error>([&] { healthy(one); }) ==
        said + "; the state passed to the sampler is not finite either");
}

TEST_CASE("advancing past the end is an error", "[run]") {
  auto run = azula::Sampler(mixture(), azula::Euler{}, {.steps = 1}).start(noise());
  mixture()(run.state(), run.time(), run.mean());
  run.advance();
  REQUIRE(run.done());
  CHECK(complaint<std::logic_error>([&] { run.advance(); }) ==
        "azula::Run: advance() after the end of the run");
}
