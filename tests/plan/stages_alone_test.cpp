// docs/engines.md: the loops that it shows, run beside the sampler.
#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/network_denoiser.hpp"
#include "azula/denoise/network_time.hpp"
#include "azula/denoise/prediction.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/fill_state.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/methods.hpp"

namespace {

using State = Eigen::ArrayXXd;

const azula::VPSchedule schedule;
const azula::GaussianDenoiser denoiser(0.5, 0.25, schedule);

State initial() {
  State x(7, 3);
  azula::NormalSource random(1);
  azula::fill_state(x, random, 1.0);
  return x;
}

/// A run from the table of coefficients and nothing else of the sampler.
template <class T>
void run(const std::vector<azula::Stage>& stages, std::size_t history, const auto& denoise, const auto& draw,
         std::size_t size, T* x) {
  std::vector<std::vector<T>> slots(history, std::vector<T>(size));
  std::vector<T> noise(size);
  std::size_t slot = 0;
  for (const azula::Stage& stage : stages) {
    T* m = slots[slot].data();
    denoise(x, stage.time, m);
    if (stage.c != 0) draw(noise.data());
    std::array<const T*, azula::max_older> p{};  // newest first
    for (std::size_t j = 0; j < history - 1; ++j) p[j] = slots[(slot + history - 1 - j) % history].data();

    for (std::size_t i = 0; i < size; ++i) {  // the kernel: one thread per value
      const T at = x[i], mean = m[i];
      T next = T(stage.a) * at + T(stage.b) * mean;
      for (std::size_t j = 0; j < std::size_t(stage.older); ++j) next += T(stage.h[j]) * p[j][i];
      if (stage.c != 0) next += T(stage.c) * noise[i];
      m[i] = T(stage.u) * at + T(stage.v) * mean;  // m is now the prediction that is remembered
      x[i] = next;
    }
    slot = (slot + 1 + history - std::size_t(stage.drop)) % history;
  }
}

/// The largest difference between that and the sampler.
template <class M>
double difference(const M& method) {
  const azula::Sampler sampler(denoiser, method, {.steps = 9, .silent = true});
  azula::NormalSource random(2), same(2);
  const State expected = sampler(initial(), random);
  State x = initial();
  const auto denoise = [&](const double* at, double t, double* mean) {
    State result(x.rows(), x.cols());
    denoiser(State(Eigen::Map<const State>(at, x.rows(), x.cols())), t, result);
    Eigen::Map<State>(mean, x.rows(), x.cols()) = result;
  };
  const auto draw = [&](double* noise) {
    State values(x.rows(), x.cols());
    azula::fill_state(values, same, 0.0);
    Eigen::Map<State>(noise, x.rows(), x.cols()) = values;
  };
  run(sampler.stages(), M::history, denoise, draw, std::size_t(x.size()), x.data());
  return (x - expected).abs().maxCoeff();
}

}  // namespace

TEST_CASE("a loop over the stages alone does what the sampler does", "[sampler]") {
  const auto check = [](const auto& method) {
    CAPTURE(method.name());
    REQUIRE(difference(method) < 1e-12);
  };
  each_method(check);
  check(azula::UniPC<3>{});
  check(azula::SASolver<2>{});
  check(azula::Corrected{azula::xEAB<3>{}});
  check(azula::Started{azula::zAB<4>{}});
  check(azula::Restart{azula::Heun{}, {.rho_min = 0.1, .rho_max = 1}});
}

TEST_CASE("a caller's loop that scales for its engine does what NetworkDenoiser does", "[run]") {
  const auto engine = [](const double* input, double time, double* output, Eigen::Index size) {
    for (Eigen::Index i = 0; i < size; ++i) output[i] = 0.5 * input[i] + 0.01 * time;
  };
  const azula::VelocityPrediction prediction;
  const azula::LogRatioTime time_of;
  const auto network = [&](const State& input, double time, State& output) {
    engine(input.data(), time, output.data(), input.size());
  };
  const azula::Sampler sampler(azula::NetworkDenoiser(network, schedule, prediction, time_of), azula::DDPM{},
                               {.steps = 6, .silent = true});
  azula::NormalSource random(2), same(2);

  auto run = sampler.start(initial());
  State input = run.state();
  while (!run.done()) {
    const double t = run.time();
    const auto [skip, out, in] = prediction(schedule(t));
    input = in * run.state();
    engine(input.data(), time_of(schedule, t), run.mean().data(), input.size());
    run.mean() = skip * run.state() + out * run.mean();
    run.advance(random);
  }
  REQUIRE((run.state() == sampler(initial(), same)).all());
}
