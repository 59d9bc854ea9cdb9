#include "azula/guide/clamped_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <functional>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::ClampedDenoiser;
using Catch::Matchers::ContainsSubstring;

namespace {

const azula::FunctionDenoiser identity([](const auto& x, double, auto& mean) { mean = x; },
                                       azula::VPSchedule{});

}  // namespace

TEST_CASE("a clamped mean stays in its range, and NaN stays NaN", "[guide]") {
  Eigen::Array4f x(-3, -0.5F, 2, std::nanf("")), mean;
  ClampedDenoiser{identity}(x, 0.5, mean);
  REQUIRE((mean.head<3>() == Eigen::Array3f(-1, -0.5F, 1)).all());
  REQUIRE(std::isnan(mean(3)));
  ClampedDenoiser(std::cref(identity), 0, 5)(x, 0.5, mean);
  REQUIRE((mean.head<3>() == Eigen::Array3f(0, 0, 2)).all());
}

TEST_CASE("multistep samplers of a clamped denoiser end in its range", "[guide]") {
  const azula::FunctionDenoiser wild([](const auto& x, double, auto& mean) { mean = 5 * x; },
                                     azula::VPSchedule{.sigma_min = 0});
  const azula::Sampler sampler(ClampedDenoiser{wild}, azula::xEAB<3>{}, {.steps = 12, .silent = true});
  const Eigen::ArrayXd x = sampler(Eigen::ArrayXd::Random(20).eval());
  REQUIRE(x.abs().maxCoeff() <= 1);
}

TEST_CASE("a range without values is an error", "[guide]") {
  REQUIRE_THAT(complaint([] { ClampedDenoiser(identity, 1, 1); }),
               ContainsSubstring("azula::ClampedDenoiser: low must be less than high, got 1"));
}
