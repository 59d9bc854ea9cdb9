#include "azula/guide/cfg_plus_plus_weight.hpp"

#include <Eigen/Core>

#include <cmath>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/replay_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::CFGPlusPlusWeight;
using azula::GuidedDenoiser;
using azula::Sampler;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The loop of the paper, for DDIM: algorithm 2, with azula's η.
template <class S, class P, class N>
Eigen::ArrayXd paper(const S& schedule, const P& positive, const N& negative,
                     const std::vector<double>& times, double lambda, double eta, Eigen::ArrayXd x,
                     const Eigen::MatrixXd& noise) {
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const auto t = schedule(times[i]), s = schedule(times[i + 1]);
    Eigen::ArrayXd p(x.size()), n(x.size());
    positive(x, times[i], p);
    negative(x, times[i], n);
    const Eigen::ArrayXd guided = n + lambda * (p - n), unconditional = (x - t.alpha * n) / t.sigma;
    const double tau = eta * (1 - std::pow(t.alpha * s.sigma / (s.alpha * t.sigma), 2));
    x = s.alpha * guided + s.sigma * std::sqrt(1 - tau) * unconditional;
    if (eta > 0) x += s.sigma * std::sqrt(tau) * noise.col(static_cast<Eigen::Index>(i)).array();
  }
  return x;
}

}  // namespace

TEST_CASE("guidance with the weights of CFG++ is the paper's update", "[guide]") {
  const auto check = [](const auto& schedule) {
    const azula::GaussianDenoiser positive(1.5, 0.2, schedule), negative(0.0, 1.0, schedule);
    const Eigen::ArrayXd x = Eigen::ArrayXd::Random(6) * 2;
    const Eigen::MatrixXd noise = Eigen::MatrixXd::Random(6, 8);
    for (const double lambda : {0.2, 0.6, 1.0}) {
      for (const double eta : {0.0, 0.5, 1.0}) {
        CAPTURE(lambda, eta);
        const azula::DDIM method{.eta = eta};
        const Sampler plain(positive, method, {.steps = 8, .silent = true});
        const CFGPlusPlusWeight weight(schedule, plain.stages(), lambda);
        const Sampler sampler(GuidedDenoiser(positive, negative, weight), method,
                              {.steps = 8, .silent = true});
        azula::ReplaySource<> replay(noise);
        const Eigen::ArrayXd times = sampler.timesteps();
        const Eigen::ArrayXd expected =
            paper(schedule, positive, negative, {times.begin(), times.end()}, lambda, eta, x, noise);
        REQUIRE((sampler(x, replay) - expected).abs().maxCoeff() < 1e-12);
      }
    }
  };
  check(azula::VPSchedule{});
  check(azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0});
}

TEST_CASE("for Euler the weights of CFG++ have a closed form", "[guide]") {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);
  const Sampler plain(denoiser, azula::Euler{}, {.steps = 5});
  const CFGPlusPlusWeight weight(schedule, plain.stages(), 0.6);
  const auto rho = [&](double t) { return schedule(t).sigma / schedule(t).alpha; };
  REQUIRE(weight(0.6) == Approx(0.6 / (1 - rho(0.4) / rho(0.6))).epsilon(1e-12));
}

TEST_CASE("CFG++ refuses methods that it is not defined for, and times that are not the sampler's",
          "[guide]") {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(0.0, 1.0, schedule);
  const auto with = [&](const auto& method) {
    return complaint(
        [&] { CFGPlusPlusWeight(schedule, Sampler(denoiser, method, {.steps = 4}).stages(), 0.6); });
  };
  REQUIRE_THAT(with(azula::Heun{}),
               ContainsSubstring("azula::CFGPlusPlusWeight: the method must make one evaluation per step"));
  REQUIRE_THAT(with(azula::zAB<2>{}), ContainsSubstring("remember nothing"));
  REQUIRE_THAT(with(azula::PC{}), ContainsSubstring("remember nothing"));
  REQUIRE(with(azula::DDPM{}).empty());
  REQUIRE(with(azula::Ito{}).empty());
  const CFGPlusPlusWeight weight(schedule, Sampler(denoiser, azula::Euler{}, {.steps = 4}).stages(), 0.6);
  REQUIRE_THAT(complaint([&] { weight(0.3); }),
               ContainsSubstring("the time must be one of the sampler that the stages are from, got 0.3"));
}
