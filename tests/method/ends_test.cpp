#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "azula/denoise.hpp"
#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/random.hpp"
#include "azula/sample.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"
#include "support/methods.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Eigen::ArrayXd;
using Denoiser = AnyDenoiser<ArrayXd>;

Denoiser mixture(const AnySchedule& schedule) {
  const Eigen::MatrixXd means{{1.0, -2.0}, {0.5, 0.0}, {-1.0, 1.0}};
  return Denoiser(azula::MixtureDenoiser(ArrayXd{{0.3, 0.7}}, means, ArrayXd{{0.1, 0.4}}, schedule));
}

/// Whether every state of a run is finite; `last_mean` becomes the mean of the last evaluation.
template <class S>
bool all_finite(const S& sampler, const ArrayXd& x, ArrayXd& last_mean, ArrayXd& end) {
  azula::NormalSource random(5);
  bool finite = true;
  auto run = sampler.start(x);
  while (!run.done()) {
    sampler.denoiser()(run.state(), run.time(), run.mean());
    last_mean = run.mean();
    run.advance(random);
    finite = finite && run.state().allFinite();
  }
  end = run.state();
  return finite;
}

}  // namespace

TEST_CASE("without noise at the end, every method ends on its last mean", "[method]") {
  const std::vector<AnySchedule> schedules = {{azula::VPSchedule{.sigma_min = 0}},
                                              {azula::CosineSchedule{.sigma_min = 0}},
                                              {azula::RectifiedSchedule{.sigma_min = 0}},
                                              {azula::DecaySchedule{.sigma_min = 0}}};
  each_method([&](const auto& method) {
    for (const AnySchedule& schedule : schedules) {
      for (const int steps : {1, 2, 3, 8}) {
        CAPTURE(method.name(), steps);
        const azula::Sampler sampler(mixture(schedule), method, {.steps = steps});
        ArrayXd last_mean, end;
        REQUIRE(all_finite(sampler, ArrayXd{{0.3, -1.2, 0.8}}, last_mean, end));
        REQUIRE((end == last_mean).all());
      }
    }
  });
}

TEST_CASE("with noise left at the end, one step is defined for every method", "[method]") {
  const std::vector<AnySchedule> schedules = {{azula::VESchedule{}},
                                              {azula::VPSchedule{}},
                                              {azula::CosineSchedule{}},
                                              {azula::RectifiedSchedule{}},
                                              {azula::DecaySchedule{}}};
  each_method([&](const auto& method) {
    for (const AnySchedule& schedule : schedules) {
      CAPTURE(method.name());
      const azula::Sampler sampler(mixture(schedule), method, {.steps = 1});
      ArrayXd last_mean, end;
      REQUIRE(all_finite(sampler, ArrayXd{{0.3, -1.2, 0.8}}, last_mean, end));
    }
  });
}

TEST_CASE("from pure noise, every method is defined or says why it is not", "[method]") {
  const std::vector<AnySchedule> schedules = {{azula::CosineSchedule{.alpha_min = 0}},
                                              {azula::RectifiedSchedule{.alpha_min = 0}},
                                              {azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}},
                                              {azula::DecaySchedule{.alpha_min = 0}}};
  each_method([&](const auto& method) {
    for (const AnySchedule& schedule : schedules) {
      for (const int steps : {2, 8}) {
        CAPTURE(method.name(), steps);
        const auto run = [&] {
          const azula::Sampler sampler(mixture(schedule), method, {.steps = steps});
          ArrayXd last_mean, end;
          REQUIRE(all_finite(sampler, ArrayXd{{0.3, -1.2, 0.8}}, last_mean, end));
        };
        const std::string what = complaint<std::invalid_argument>(run);
        if (method.name() == "Ito") {
          REQUIRE_THAT(what,
                       ContainsSubstring("azula::Ito: alpha must be positive where the method divides by it, "
                                         "at time 1, got 0"));
        } else {
          REQUIRE(what.empty());
        }
      }
    }
  });
}

TEST_CASE("one step from pure noise to no noise gives the mean of the data", "[method]") {
  // E[X | x_1] = E[X] where α_1 = 0: 0.3 (1, 0.5, -1) + 0.7 (-2, 0, 1).
  const ArrayXd expected{{-1.1, 0.15, 0.4}};
  each_method([&](const auto& method) {
    const azula::Sampler sampler(mixture({azula::RectifiedSchedule{0, 0}}), method, {.steps = 1});
    ArrayXd last_mean, end;
    CAPTURE(method.name());
    REQUIRE(all_finite(sampler, ArrayXd{{0.3, -1.2, 0.8}}, last_mean, end));
    REQUIRE((end - expected).abs().maxCoeff() < 1e-15);
  });
}

TEST_CASE("a lower order in the last steps keeps them stable", "[method]") {
  // To α/σ = 1000 in 16 even steps of the VP schedule: the last step is long in log α/σ, and order 3
  // extrapolates over it. The exact end of the flow is known: Gaussian data.
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(1.0, 0.25, schedule);
  const auto [a1, s1] = schedule(1);
  const auto [a0, s0] = schedule(0);
  const ArrayXd noise{{-1.5, 0.2, 1.1}};
  const ArrayXd exact = a0 * 1.0 + std::sqrt(a0 * a0 * 0.25 + s0 * s0) * noise;
  const ArrayXd x = a1 * 1.0 + std::sqrt(a1 * a1 * 0.25 + s1 * s1) * noise;
  const auto error = [&](const auto& method) {
    return (azula::Sampler(denoiser, method, {.steps = 16})(x) - exact).abs().maxCoeff();
  };
  REQUIRE(error(azula::xEAB<3>{.lower_order_final = true}) < 0.2 * error(azula::xEAB<3>{}));

  const azula::Sampler lower(denoiser, azula::vAB<4>{.lower_order_final = true}, {.steps = 7});
  for (const azula::Stage& stage : lower.stages()) {
    const int step = static_cast<int>(stage.step);
    REQUIRE(stage.older == std::min({3, step, 6 - step}));
  }
}

TEST_CASE("options of methods out of range are errors that name them", "[method]") {
  const double nan = std::nan("");
  const auto what = [](const auto& method) {
    const azula::GaussianDenoiser denoiser(0.0, 1.0, AnySchedule{azula::VPSchedule{}});
    return complaint<std::invalid_argument>([&] { azula::Sampler(denoiser, method, {.steps = 4}); });
  };
  CHECK(what(azula::DDIM{.eta = -0.5}) == "azula::DDIM: eta must be finite and at least 0, got -0.5");
  CHECK(what(azula::DDIM{.eta = nan}) == "azula::DDIM: eta must be finite and at least 0, got nan");
  CHECK(what(azula::Ito{.eta = -1}) == "azula::Ito: eta must be in [0, 100], got -1");
  CHECK(what(azula::Ito{.temperature = 0}) == "azula::Ito: temperature must be in [1e-06, 1000000], got 0");
  CHECK(what(azula::Ito{.temperature = nan}) == "azula::Ito: temperature must be in [1e-06, 1000000], got nan");
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(what(azula::Ito{.eta = infinity}) == "azula::Ito: eta must be in [0, 100], got inf");
  CHECK(what(azula::Ito{.temperature = infinity}) == "azula::Ito: temperature must be in [1e-06, 1000000], got inf");
  CHECK(what(azula::DDIM{.eta = infinity}) == "azula::DDIM: eta must be finite and at least 0, got inf");
  CHECK(what(azula::PC{.corrections = -1}) == "azula::PC: corrections must be in [0, 1000], got -1");
  CHECK(what(azula::PC{.delta = 1.5}) == "azula::PC: delta must be in [0, 1], got 1.5");
  CHECK(what(azula::PC{.delta = -0.1}) == "azula::PC: delta must be in [0, 1], got -0.1");
  CHECK(what(azula::PC{.delta = nan}) == "azula::PC: delta must be in [0, 1], got nan");
  CHECK(what(azula::PC{.corrections = 0, .delta = 1}).empty());
}
