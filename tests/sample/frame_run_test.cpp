#include "azula/sample/frame_run.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/method/any_method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "common/process_denoiser.hpp"
#include "support/complaint.hpp"

using azula::AnyMethod;
using azula::FrameRun;
using azula::NormalSource;
using azula::Sampler;
using azula::SampleTimes;
using examples::ProcessDenoiser;

namespace {

/// Every frame by itself, and not linearly; a sampler may ask for one or for many.
struct Apart {
  azula::VPSchedule vp;

  const auto& schedule() const { return vp; }
  template <class X>
  void operator()(const X& x_t, double t, X& mean) const {
    mean = (x_t * (1 - t / 2)).tanh();
  }
  template <class X>
  void operator()(const X& x_t, const SampleTimes& times, X& mean) const {
    mean.resizeLike(x_t);
    for (Eigen::Index j = 0; j < x_t.cols(); ++j) mean.col(j) = (x_t.col(j) * (1 - times(j) / 2)).tanh();
  }
};

NormalSource noise(std::int64_t frame) { return NormalSource(42, frame); }

/// Frame n begins with the n-th unit vector, so that what comes out is the matrix of the whole linear map.
struct Unit {
  std::int64_t row;
  template <class Out>
  void fill(Out& out) const {
    out.setZero();
    out(row) = 1;
  }
};

/// The covariance of an endless sequence's first frames, exactly, as the method makes it.
template <class M>
Eigen::MatrixXd covariance(const M& method, std::ptrdiff_t steps, std::ptrdiff_t context) {
  constexpr Eigen::Index frames = 12;
  const Sampler sampler(ProcessDenoiser{}, method, {.steps = steps, .silent = true});
  FrameRun run(sampler, Eigen::ArrayXXd(frames + 8, 6), [](std::int64_t n) { return Unit{n}; },
               {.delay = steps / 4, .context = context});
  Eigen::MatrixXd all(frames + 8, frames);
  for (Eigen::Index j = 0; j < frames;) {
    run.step();
    while (run.ready() && j < frames) all.col(j++) = run.take().matrix();
  }
  return all.transpose() * all;
}

}  // namespace

TEST_CASE("each frame is what it would be alone, for every delay and every kind of stage", "[frames]") {
  for (const char* name : {"DDPM", "xEAB3", "Heun", "DPMSolverSDE", "UniPC3"}) {
    CAPTURE(name);
    const azula::MethodOptions churned{{"s_churn", 3.0}};
    const Sampler sampler(Apart{}, AnyMethod(name, std::string(name) == "Heun" ? churned : azula::MethodOptions{}),
                          {.steps = 5, .silent = true});
    for (const std::ptrdiff_t delay : {0, 1, 2, 100}) {
      FrameRun run(sampler, Eigen::ArrayXXd(3, 4), noise, {.delay = delay});
      Eigen::Index frame = 0;
      for (; frame < 9; ++frame) {
        while (!run.ready()) run.step();
        NormalSource random = noise(frame);
        Eigen::ArrayXd alone(3);
        sampler.init(alone, random);
        CHECK((run.take() == sampler(alone, random)).all());
      }
    }
  }
}

TEST_CASE("frames without a delay are one batch", "[frames]") {
  const Sampler sampler(Apart{}, azula::DDIM{}, {.steps = 4, .silent = true});
  FrameRun run(sampler, Eigen::ArrayXXd(3, 5), noise, {.delay = 0});
  Eigen::ArrayXXd batch(3, 5);
  NormalSource random(42);
  sampler.init(batch, random);
  CHECK((run.state() == batch).all());
  int evaluations = 0;
  for (; !run.done(); ++evaluations) run.step();
  CHECK(evaluations == 4);
  CHECK((run.state() == sampler(batch)).all());
}

TEST_CASE("the network is told where each frame is", "[frames]") {
  const Sampler sampler(ProcessDenoiser{}, azula::DDIM{}, {.steps = 4, .silent = true});
  Eigen::ArrayXXd given = Eigen::ArrayXXd::Constant(2, 4, 7.0);
  FrameRun run(sampler, given, noise, {.delay = 2, .known = 1, .clean_time = 0.125});
  CHECK((run.state().col(0) == 7).all());
  const std::vector<SampleTimes> expected{{{0.125, 1, 1, 1}},       {{0.125, 0.75, 1, 1}},       {{0.125, 0.5, 1, 1}},
                                          {{0.125, 0.25, 0.75, 1}}, {{0.125, 0.125, 0.5, 1}},    {{0.125, 0.125, 0.25, 0.75}},
                                          {{0.125, 0.125, 0.125, 0.5}}};
  for (const SampleTimes& times : expected) {
    CHECK((run.times() == times).all());
    CHECK(!run.done());
    run.step();
  }
  run.step();
  CHECK(run.done());
  CHECK((run.state().col(0) == 7).all());
}

TEST_CASE("an endless sequence has the covariance of the process", "[frames]") {
  const Eigen::MatrixXd exact = ProcessDenoiser::covariance(0.8, 12);
  const auto error = [&](const auto& method, std::ptrdiff_t steps, std::ptrdiff_t context) {
    return (covariance(method, steps, context) - exact).cwiseAbs().maxCoeff();
  };
  // The process is a Markov chain: with one clean frame in view nothing is lost, and the error is that of the steps.
  const double first = error(azula::DDIM{}, 64, 1) / error(azula::DDIM{}, 128, 1);
  const double second = error(azula::vAB<2>{}, 64, 1) / error(azula::vAB<2>{}, 128, 1);
  CAPTURE(error(azula::DDIM{}, 128, 1), error(azula::vAB<2>{}, 128, 1), first, second);
  CHECK(std::abs(std::log2(first) - 1) < 0.1);
  CHECK(std::abs(std::log2(second) - 2) < 0.2);
  CHECK(error(azula::vAB<2>{}, 256, 1) < 1e-4);
  CHECK(error(azula::vAB<2>{}, 256, 0) > 1e-2);  // frames forget what went out of view
}

TEST_CASE("a loop of one's own is the same", "[frames]") {
  const Sampler sampler(Apart{}, azula::zAB<3>{}, {.steps = 6, .silent = true});
  FrameRun one(sampler, Eigen::ArrayXXd(2, 3), noise), other(sampler, Eigen::ArrayXXd(2, 3), noise);
  while (!one.done()) {
    one.step();
    sampler.denoiser()(other.state(), other.times(), other.mean());
    other.advance();
  }
  CHECK(other.done());
  CHECK((one.state() == other.state()).all());
}

TEST_CASE("what cannot be is refused, by name", "[frames]") {
  const Sampler sampler(Apart{}, azula::DDIM{}, {.steps = 4, .silent = true});
  const auto refusal = [&](Eigen::Index frames, const azula::FrameOptions& options) {
    return complaint<std::invalid_argument>([&] { FrameRun(sampler, Eigen::ArrayXXd(2, frames), noise, options); });
  };
  CHECK(refusal(0, {}) == "azula::FrameRun: frames must be at least 1, got 0");
  CHECK(refusal(3, {.delay = -1}) == "azula::FrameRun: the delay must be at least 0, got -1");
  CHECK(refusal(3, {.known = 3}) == "azula::FrameRun: known must be less than the number of frames, got 3");
  CHECK(refusal(3, {.context = 3}) == "azula::FrameRun: context must be less than the number of frames, got 3");
  FrameRun run(sampler, Eigen::ArrayXXd(2, 3), noise);
  CHECK_THROWS_AS(run.take(), std::logic_error);
  run.mean().resize(2, 2);
  CHECK_THROWS_AS(run.advance(), std::invalid_argument);
}

TEST_CASE("frames that come into view late begin one after another, too", "[frames]") {
  const Sampler sampler(Apart{}, azula::DDIM{}, {.steps = 4, .silent = true});
  FrameRun run(sampler, Eigen::ArrayXXd(2, 3), noise, {.delay = 2, .context = 0});
  while (!run.done()) run.step();
  while (run.ready()) run.take();
  const std::vector<SampleTimes> expected{{{1, 1, 1}}, {{0.75, 1, 1}}, {{0.5, 1, 1}}, {{0.25, 0.75, 1}}, {{0, 0.5, 1}}};
  for (const SampleTimes& times : expected) {
    CHECK((run.times() == times).all());
    run.step();
  }
}

TEST_CASE("an error in one frame ends them all, and none is handed out", "[frames]") {
  const Sampler sampler(Apart{}, azula::DDIM{}, {.steps = 4, .silent = true});
  FrameRun run(sampler, Eigen::ArrayXXd(2, 3), noise);
  run.step();
  run.mean().setZero();
  run.mean()(0, 1) = std::nan("");
  CHECK_THROWS_AS(run.advance(), std::runtime_error);
  CHECK(run.failed());
  CHECK(run.done());
  CHECK(!run.ready());
  CHECK(complaint<std::logic_error>([&] { run.step(); }) ==
        "azula::FrameRun: step() after an error, which has ended the run");
  CHECK_THROWS_AS(run.advance(), std::logic_error);
  CHECK_THROWS_AS(run.take(), std::logic_error);
}

TEST_CASE("a source that fails where a frame enters ends the run", "[frames]") {
  const Sampler sampler(Apart{}, azula::DDIM{}, {.steps = 2, .silent = true});
  const auto few = [](std::int64_t frame) { return frame < 3 ? noise(frame) : throw std::runtime_error("no more"); };
  FrameRun run(sampler, Eigen::ArrayXXd(2, 3), few, {.context = 0});
  while (!run.ready()) run.step();
  CHECK_THROWS_AS(run.take(), std::runtime_error);
  CHECK(run.failed());
  CHECK_THROWS_AS(run.step(), std::logic_error);
}
