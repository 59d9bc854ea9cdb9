#include "azula/denoise/flow_map_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/guide/masked_denoiser.hpp"
#include "azula/guide/thresholded_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using Batch = Eigen::ArrayXXd;

const azula::RectifiedSchedule flow{0, 0};

/// Where the probability flow of data from N(μ, v) leads.
struct GaussianMap {
  double mu = 0.7, v = 0.2;

  Batch operator()(const Batch& x, double t, double s) const {
    const double of_t = (1 - t) * (1 - t) * v + t * t, of_s = (1 - s) * (1 - s) * v + s * s;
    return (1 - s) * mu + std::sqrt(of_s / of_t) * (x - (1 - t) * mu);
  }
};

/// Where that of two Gaussians on a line leads: a point keeps the share of the mass that lies below it.
struct MixtureMap {
  double below(double x, double t) const {
    const auto part = [&](double mu, double v) {
      return std::erfc((mu * (1 - t) - x) / std::sqrt(2 * ((1 - t) * (1 - t) * v + t * t))) / 2;
    };
    return 0.3 * part(-1, 0.05) + 0.7 * part(1, 0.1);
  }

  Batch operator()(const Batch& x, double t, double s) const {
    return x.unaryExpr([&](double value) {
      const double share = below(value, t);
      double low = -10, high = 10;
      for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (below(middle, s) < share ? low : high) = middle;
      }
      return (low + high) / 2;
    });
  }
};

const azula::MixtureDenoiser mixture(Eigen::Array2d(0.3, 0.7), Eigen::MatrixXd{{-1, 1}}, Eigen::Array2d(0.05, 0.1), flow);

/// A network that gives the average velocity of a map, and one that gives its end.
template <class Map>
auto by_velocity(Map map) {
  const auto network = [map](const Batch& x, double t, double s, Batch& y) { y = (map(x, t, s) - x) / (s - t); };
  return azula::FlowMapDenoiser(network, flow, azula::AverageVelocity{});
}

template <class Map>
auto by_state(Map map) {
  return azula::FlowMapDenoiser([map](const Batch& x, double t, double s) { return map(x, t, s); }, flow,
                                azula::StateAtNext{});
}

const Batch start = Batch(Eigen::RowVectorXd::LinSpaced(9, -2, 2));

template <class D, class M>
Batch drawn(const D& denoiser, const M& method, std::ptrdiff_t steps, double stop = 0) {
  return azula::Sampler(denoiser, method, {.stop = stop, .steps = steps, .silent = true})(start);
}

}  // namespace

namespace {

/// Its signature takes a stage, too, and could do nothing with one.
struct AnyTimes {
  azula::VPSchedule vp;

  const auto& schedule() const { return vp; }
  void operator()(const auto& x_t, auto t, auto& mean) const { mean = x_t * (1 - t); }
};

}  // namespace

TEST_CASE("a denoiser that takes anything for the time is told the time", "[flow]") {
  const azula::Sampler sampler(AnyTimes{}, azula::DDIM{}, {.steps = 3, .silent = true});
  const azula::FunctionDenoiser same([](const Eigen::ArrayXd& x, double t) { return Eigen::ArrayXd(x * (1 - t)); },
                                     azula::VPSchedule{});
  const Eigen::ArrayXd x = Eigen::ArrayXd::Random(5);
  CHECK((sampler(x) == azula::Sampler(same, azula::DDIM{}, {.steps = 3, .silent = true})(x)).all());
}

TEST_CASE("a flow map of a Gaussian is exact in any number of steps", "[flow_map]") {
  const Batch expected = GaussianMap{}(start, 1, 0);
  for (const std::ptrdiff_t steps : {1, 2, 7}) {
    CHECK((drawn(by_velocity(GaussianMap{}), azula::Euler{}, steps) - expected).abs().maxCoeff() < 1e-13);
    CHECK((drawn(by_velocity(GaussianMap{}), azula::DDIM{}, steps) - expected).abs().maxCoeff() < 1e-13);
    CHECK((drawn(by_state(GaussianMap{}), azula::Euler{}, steps) - expected).abs().maxCoeff() < 1e-13);
  }
  CHECK((drawn(by_velocity(GaussianMap{}), azula::Euler{}, 1, 0.4) - GaussianMap{}(start, 1, 0.4)).abs().maxCoeff() < 1e-13);
}

TEST_CASE("a flow map of a mixture is the end of its flow, in one step", "[flow_map]") {
  const Batch expected = MixtureMap{}(start, 1, 0);
  for (const std::ptrdiff_t steps : {1, 3}) {
    CHECK((drawn(by_velocity(MixtureMap{}), azula::Euler{}, steps) - expected).abs().maxCoeff() < 1e-12);
    CHECK((drawn(by_state(MixtureMap{}), azula::DDIM{}, steps) - expected).abs().maxCoeff() < 1e-12);
  }
  // The flow itself, by small steps with E[X | x_t].
  const Batch before = MixtureMap{}(start, 1, 0.05);
  CHECK((drawn(mixture, azula::VelocityRK4{}, 400, 0.05) - before).abs().maxCoeff() < 1e-8);
  CHECK((drawn(mixture, azula::Euler{}, 1) - expected).abs().maxCoeff() > 0.5);
}

TEST_CASE("the mean of an average velocity is x - t u, and own loops are told where a stage leads", "[flow_map]") {
  const auto denoiser = by_velocity(GaussianMap{});
  const azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 4, .silent = true});
  auto run = sampler.start(start);
  while (!run.done()) {
    const double t = run.time(), s = run.next();
    CHECK(run.stage().time == t);
    CHECK(run.stage().next == s);
    CHECK(s == t - 0.25);
    denoiser(run.state(), run.stage(), run.mean());
    const Batch u = (GaussianMap{}(run.state(), t, s) - run.state()) / (s - t);
    CHECK((run.mean() - (run.state() - t * u)).abs().maxCoeff() < 1e-13);
    run.advance();
  }
  CHECK((run.state() == sampler(start)).all());
  CHECK(run.next() == 0);
  CHECK(complaint<std::logic_error>([&] { run.stage(); }) == "azula::Run: stage() after the end of the run");
}

TEST_CASE("rising times follow a flow map from data to noise", "[flow_map]") {
  const azula::Sampler up(by_velocity(GaussianMap{}), azula::Euler{}, {.start = 0.1, .stop = 1, .steps = 2, .silent = true});
  CHECK((up(start) - GaussianMap{}(start, 0.1, 1)).abs().maxCoeff() < 1e-13);
}

TEST_CASE("denoisers around a flow map pass the step on", "[flow_map]") {
  const auto one = by_velocity(GaussianMap{}), other = by_velocity(GaussianMap{-0.4, 0.5});
  const Batch ends = GaussianMap{}(start, 1, 0), others = GaussianMap{-0.4, 0.5}(start, 1, 0);
  const azula::GuidedDenoiser guided(one, other, 2.5);
  CHECK((drawn(guided, azula::Euler{}, 1) - (others + 2.5 * (ends - others))).abs().maxCoeff() < 1e-12);
  const azula::GuidedDenoiser each(one, other, Eigen::ArrayXd(Eigen::ArrayXd::LinSpaced(9, 0, 2)));
  const Batch weights = Batch(Eigen::RowVectorXd::LinSpaced(9, 0, 2));
  CHECK((drawn(each, azula::Euler{}, 1) - (others + weights * (ends - others))).abs().maxCoeff() < 1e-12);
  const azula::GuidedDenoiser mixed(one, mixture, 0.5);  // of which one is told the time alone
  CHECK((drawn(mixed, azula::Euler{}, 1) - (ends + drawn(mixture, azula::Euler{}, 1)) / 2).abs().maxCoeff() < 1e-12);
  CHECK((drawn(azula::ClampedDenoiser(one, 0, 1), azula::Euler{}, 1) - (ends.max)(0).min(1)).abs().maxCoeff() < 1e-13);
  CHECK((drawn(azula::ThresholdedDenoiser(one, {.quantile = 1}), azula::Euler{}, 1) - (ends.max)(-1).min(1))
            .abs().maxCoeff() < 1e-13);
  CHECK((drawn(azula::MaskedDenoiser(one, 1.0, 0.25), azula::Euler{}, 2) == 0.25).all());
}

TEST_CASE("methods that do not follow a flow map are refused at the stage that does not", "[flow_map]") {
  const auto denoiser = by_velocity(GaussianMap{});
  const auto refusal = [&](const auto& method) {
    const azula::Sampler sampler(denoiser, method, {.start = 0.9, .steps = 4, .silent = true});
    return complaint<std::invalid_argument>([&] { sampler(start, azula::NormalSource(1)); });
  };
  const std::string rule = "azula::FlowMapDenoiser: a stage must be a x + b m, as those of Euler and DDIM are, got one of step ";
  CHECK(refusal(azula::xEAB<2>{}).starts_with(rule + "1 with 1 predictions before, b = "));
  CHECK(refusal(azula::Heun{}).starts_with(rule + "0 with 1 predictions before, b = "));
  CHECK(refusal(azula::DDPM{}).starts_with(rule + "0 with 0 predictions before, b = "));
  CHECK(refusal(azula::Euler{}).empty());
  CHECK(refusal(azula::Churned{azula::Euler{}, {.s_churn = 1}}).empty());
  const azula::FlowMapDenoiser wrong([](const Batch&, double, double) { return Batch(2, 2); }, flow);
  CHECK(complaint<std::invalid_argument>([&] { drawn(wrong, azula::Euler{}, 1); }) ==
        "azula::FlowMapDenoiser: the network's output must have the shape of its input, 1 x 9, got 2 x 2");
}
