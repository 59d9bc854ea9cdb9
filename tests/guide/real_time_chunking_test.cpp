#include "azula/guide/real_time_chunking.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/guide/prefix_weights.hpp"
#include "azula/guide/symmetric_vjp.hpp"
#include "azula/guide/with_vjp.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::PrefixDecay;
using azula::RealTimeChunking;

namespace {

using Chunk = Eigen::ArrayXXd;

constexpr double infinity = std::numeric_limits<double>::infinity();
const azula::RectifiedSchedule flow{0, 0};
const azula::VPSchedule vp;

/// Data from N(μ, v), whose mean has the Jacobian α v/(α² v + σ²).
template <class S>
auto gaussian(double mu, double v, S schedule) {
  const auto product = [=](const Chunk&, double t, const Chunk& w, Chunk& out) {
    const auto [alpha, sigma] = schedule(t);
    out = alpha * v / (alpha * alpha * v + sigma * sigma) * w;
  };
  return azula::WithVJP(azula::GaussianDenoiser(mu, v, schedule), product);
}

template <class D>
Chunk mean_of(const D& denoiser, const Chunk& x, double t) {
  Chunk mean(x.rows(), x.cols());
  denoiser(x, t, mean);
  return mean;
}

/// A chunk of four actions, of which the first two are known.
const Eigen::Array4d previous(0.5, -1, 0.25, std::nan("")), weights(1, 0.75, 0.25, 0);

}  // namespace

TEST_CASE("prefix weights are those of the paper", "[guide][rtc]") {
  const auto of = [](PrefixDecay decay, std::ptrdiff_t delay = 2, std::ptrdiff_t end = 5) {
    return azula::prefix_weights({.horizon = 7, .delay = delay, .end = end, .decay = decay});
  };
  const auto is = [](const Eigen::ArrayXd& w, std::initializer_list<double> expected) {
    return (w - Eigen::Map<const Eigen::ArrayXd>(expected.begin(), 7)).abs().maxCoeff() < 1e-15;
  };
  CHECK(is(of(PrefixDecay::zeros), {1, 1, 0, 0, 0, 0, 0}));
  CHECK(is(of(PrefixDecay::ones), {1, 1, 1, 1, 1, 0, 0}));
  CHECK(is(of(PrefixDecay::linear), {1, 1, 0.75, 0.5, 0.25, 0, 0}));
  const double e = std::exp(1.0);
  CHECK(is(of(PrefixDecay::exponential), {1, 1, 0.75 * (std::exp(0.75) - 1) / (e - 1), 0.5 * (std::exp(0.5) - 1) / (e - 1),
                                          0.25 * (std::exp(0.25) - 1) / (e - 1), 0, 0}));
  CHECK(is(of(PrefixDecay::linear, 0, 7), {7 / 8.0, 6 / 8.0, 5 / 8.0, 4 / 8.0, 3 / 8.0, 2 / 8.0, 1 / 8.0}));
  CHECK(is(of(PrefixDecay::linear, 3, 3), {1, 1, 1, 0, 0, 0, 0}));
  CHECK(is(of(PrefixDecay::exponential, 0, 0), {0, 0, 0, 0, 0, 0, 0}));
  const Eigen::ArrayXd wide = azula::prefix_weights({.horizon = 3, .delay = 1, .end = 2, .size = 2, .decay = PrefixDecay::linear});
  CHECK((wide == Eigen::Array<double, 6, 1>(1, 1, 0.5, 0.5, 0, 0)).all());
  CHECK(complaint([&] { of(PrefixDecay::ones, 6, 5); }) == "azula::prefix_weights: delay must be in [0, 5], got 6");
  CHECK(complaint([&] { of(PrefixDecay::ones, 0, 8); }) == "azula::prefix_weights: end must be in [0, 7], got 8");
  CHECK(complaint([&] { azula::prefix_weights({.horizon = 0, .delay = 0, .end = 0}); }) ==
        "azula::prefix_weights: horizon must be at least 1, got 0");
}

TEST_CASE("the mean is guided by the formula of real-time chunking", "[guide][rtc]") {
  const Chunk x = Chunk::Random(4, 3);
  const auto check = [&](const auto& schedule) {
    const double v = 0.3;
    const auto inner = gaussian(0.2, v, schedule);
    for (const double t : {0.03, 0.3, 0.6, 0.97}) {
      const auto [alpha, sigma] = schedule(t);
      const double w = std::min(5.0, (alpha * alpha + sigma * sigma) / (alpha * sigma));
      const double slope = alpha * v / (alpha * alpha * v + sigma * sigma);
      const Chunk m = mean_of(inner, x, t);
      Chunk by_jacobian = m, without = m;
      for (Eigen::Index i = 0; i < 3; ++i) {
        by_jacobian.row(i) += sigma * w * slope * weights(i) * (previous(i) - m.row(i));
        without.row(i) += sigma / (alpha + sigma) * w * weights(i) * (previous(i) - m.row(i));
      }
      CHECK((mean_of(RealTimeChunking(inner, previous, weights), x, t) - by_jacobian).abs().maxCoeff() < 1e-13);
      const RealTimeChunking plain(inner, previous, weights, {.jacobian = false});
      CHECK((mean_of(plain, x, t) - without).abs().maxCoeff() < 1e-13);
    }
  };
  check(flow);
  check(vp);
}

TEST_CASE("Euler's steps are those of the loop on velocities that policies of robots have", "[guide][rtc]") {
  const azula::MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), Eigen::MatrixXd{{1, -1}, {1, -1}, {1, -1}, {1, -1}},
                                      Eigen::Array2d(0.01, 0.01), flow);
  constexpr int steps = 10;
  const Chunk noise = Chunk::Random(4, 2);
  Chunk x = noise;
  for (int k = 0; k < steps; ++k) {
    const double time = 1 - static_cast<double>(k) / steps, tau = 1 - time;
    const Chunk v = (x - mean_of(policy, x, time)) / time, x_1 = x - time * v;
    Chunk missing = Chunk::Zero(4, 2);
    for (Eigen::Index i = 0; i < 3; ++i) missing.row(i) = weights(i) * (previous(i) - x_1.row(i));
    const double inverse_r2 = ((1 - tau) * (1 - tau) + tau * tau) / ((1 - tau) * (1 - tau));
    const double w = tau == 0 ? 10 : std::min(10.0, (1 - tau) / tau * inverse_r2);
    x -= (v - w * missing) / steps;
  }
  const RealTimeChunking guided(policy, previous, weights, {.largest_weight = 10, .jacobian = false});
  const azula::Sampler sampler(guided, azula::Euler{}, {.steps = steps, .silent = true});
  CHECK((sampler(noise) - x).abs().maxCoeff() < 1e-12);
  CHECK(std::fabs(x(0, 0) - 0.5) < 0.1);
}

TEST_CASE("for data of unit variance the mean without a cap is the previous chunk where the weights are 1", "[guide][rtc]") {
  const Chunk x = Chunk::Random(4, 3);
  const Eigen::Array4d chunk(0.5, -1, 0.25, 2);
  for (const double t : {0.1, 0.5, 0.9}) {
    const RealTimeChunking guided(gaussian(0.2, 1, vp), chunk, 1.0, {.largest_weight = infinity});
    CHECK((mean_of(guided, x, t) - chunk.replicate(1, 3)).abs().maxCoeff() < 1e-13);
  }
}

TEST_CASE("a policy goes on with the side that it has chosen, and keeps its own where nothing is known", "[guide][rtc]") {
  const azula::MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), Eigen::MatrixXd{{1, -1}, {1, -1}, {1, -1}, {1, -1}},
                                      Eigen::Array2d(1e-3, 1e-3), flow);
  const Eigen::ArrayXd prefix = azula::prefix_weights({.horizon = 4, .delay = 1, .end = 2});
  azula::NormalSource random(5);
  const auto share_of_left = [&](const auto& denoiser) {
    const azula::Sampler sampler(denoiser, azula::Euler{}, {.steps = 20, .silent = true});
    Chunk x(4, 200);
    sampler.init(x, random);
    const Chunk ends = sampler(x);
    return static_cast<double>((ends.row(3) > 0).count()) / 200;
  };
  const double free = share_of_left(policy);
  CHECK(free > 0.4);
  CHECK(free < 0.6);
  CHECK(share_of_left(RealTimeChunking(azula::SymmetricVJP(policy), 1.0, prefix)) > 0.9);
  CHECK(share_of_left(RealTimeChunking(azula::SymmetricVJP(policy), -1.0, prefix)) < 0.1);
}

TEST_CASE("chunking where there is no noise left or no signal yet is finite, and guides by the cap", "[guide][rtc]") {
  const Chunk x = Chunk::Random(4, 1);
  const auto inner = gaussian(0.2, 0.3, flow);
  const RealTimeChunking plain(inner, previous, weights, {.jacobian = false});
  CHECK((mean_of(plain, x, 0) == mean_of(inner, x, 0)).all());
  CHECK(std::fabs(mean_of(plain, x, 1)(0) - (0.2 + 5 * (0.5 - 0.2))) < 1e-13);
  CHECK((mean_of(RealTimeChunking(inner, previous, weights), x, 1) - 0.2).abs().maxCoeff() < 1e-15);  // J = 0
  const RealTimeChunking uncapped(inner, 0.5, 1.0, {.largest_weight = infinity});
  CHECK((mean_of(uncapped, x, 0) - 0.5).abs().maxCoeff() < 1e-15);  // J = 1, σ w = α = 1
}

TEST_CASE("what lies under a weight of 0 may be NaN in a previous chunk per sample, too", "[guide][rtc]") {
  const auto inner = gaussian(0.2, 0.3, flow);
  const Chunk x = Chunk::Random(4, 3);
  Chunk each = previous.replicate(1, 3) + Eigen::Array<double, 1, 3>(0, 1, 2).replicate(4, 1);
  const Chunk means = mean_of(RealTimeChunking(inner, each, weights), x, 0.5);
  for (Eigen::Index j = 0; j < 3; ++j) {
    const Chunk alone = x.col(j);
    CHECK((means.col(j) == mean_of(RealTimeChunking(inner, each.col(j), weights), alone, 0.5).col(0)).all());
  }
  each(2, 1) = std::nan("");
  CHECK(complaint<std::invalid_argument>([&] { mean_of(RealTimeChunking(inner, each, weights), x, 0.5); }).starts_with(
      "azula::RealTimeChunking: the previous chunk must be finite, got "));
}

TEST_CASE("chunking refuses what it cannot use", "[guide][rtc]") {
  const auto inner = gaussian(0.2, 0.3, flow);
  const auto refusal = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  CHECK(refusal([&] { RealTimeChunking(inner, previous, 1.5); }) == "azula::RealTimeChunking: weights must be in [0, 1], got 1.5");
  CHECK(refusal([&] { RealTimeChunking(inner, previous, 1.0); }).starts_with(
      "azula::RealTimeChunking: the previous chunk must be finite, got "));
  CHECK(refusal([&] { RealTimeChunking(inner, previous, weights, {.largest_weight = 0}); }) ==
        "azula::RealTimeChunking: largest_weight must be positive, got 0");
  CHECK(refusal([&] { mean_of(RealTimeChunking(inner, previous, weights), Chunk::Ones(5, 2), 0.5); }).starts_with(
      "azula::RealTimeChunking: the previous chunk must be one number, have the shape of a sample (5) or of the state (5 x 2)"));
  const azula::FunctionDenoiser bare([](const Chunk& x, double) { return x; }, flow);
  CHECK(refusal([&] { mean_of(RealTimeChunking(bare, previous, weights), Chunk::Ones(4, 2), 0.5); }) ==
        "azula::RealTimeChunking: the denoiser must have a vjp(), see WithVJP, where jacobian is true, got none");
  CHECK(refusal([&] { mean_of(RealTimeChunking(bare, previous, weights, {.jacobian = false}), Chunk::Ones(4, 2), 0.5); }).empty());
}

TEST_CASE("the previous chunk is replaced, and one that does not fit is refused and changes nothing", "[guide][rtc]") {
  const auto inner = gaussian(0.2, 0.3, flow);
  const Chunk x = Chunk::Random(4, 3);
  const Eigen::Array4d next(1, 2, 3, std::nan("")), other(0.5, 1, 0, 0);
  RealTimeChunking guided(inner, previous, weights);
  const RealTimeChunking copy = guided;
  const auto same = [&](const auto& denoiser, const auto& chunk, const auto& w) {
    return (mean_of(denoiser, x, 0.5) == mean_of(RealTimeChunking(inner, chunk, w), x, 0.5)).all();
  };
  guided.set_previous(next);
  CHECK(same(guided, next, weights));
  CHECK(same(copy, previous, weights));
  guided.set_previous(Eigen::Array4f(4, 3, 2, 1), other);
  CHECK(same(guided, Eigen::Array4d(4, 3, 2, 1), other));
  guided.set_previous(previous, weights);
  const auto refusal = [&](const auto&... arguments) {
    const std::string text = complaint<std::invalid_argument>([&] { guided.set_previous(arguments...); });
    CHECK(same(guided, previous, weights));
    return text;
  };
  CHECK(refusal(Eigen::Array3d(1, 2, 3)) ==
        "azula::RealTimeChunking: the previous chunk must have the same shape as before, 4 x 1, got 3 x 1");
  CHECK(refusal(next, 1.0) == "azula::RealTimeChunking: the weights must have the same shape as before, 4 x 1, got 1 value");
  CHECK(refusal(next, 2 * weights) == "azula::RealTimeChunking: weights must be in [0, 1], got 2");
  CHECK(refusal(Eigen::Array4d(std::nan(""), 1, 2, 3)).starts_with(
      "azula::RealTimeChunking: the previous chunk must be finite, got "));
  CHECK(refusal(next, Eigen::Array4d(0, 0, 0, 1)).starts_with(
      "azula::RealTimeChunking: the previous chunk must be finite, got "));
}
