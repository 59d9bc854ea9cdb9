#include "azula/guide/thresholded_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::ThresholdedDenoiser;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

const azula::FunctionDenoiser identity([](const auto& x, double, auto& mean) { mean = x; },
                                       azula::VPSchedule{});

}  // namespace

TEST_CASE("the threshold is the quantile of each sample, interpolated", "[guide]") {
  Eigen::ArrayXXd x(5, 2), mean(5, 2);
  x << 5, 0.1, -1, 0.2, 3, -0.5, -2, 0.9, 4, 0;  // |x|: 1 … 5 and a sample within the range
  // numpy.quantile([1, 2, 3, 4, 5], 0.9) = 4.6
  ThresholdedDenoiser(identity, {.quantile = 0.9})(x, 0.5, mean);
  REQUIRE(mean(0, 0) == Approx(1));
  REQUIRE(mean(1, 0) == Approx(-1 / 4.6));
  REQUIRE(mean(4, 0) == Approx(4 / 4.6));
  REQUIRE((mean.col(1) == x.col(1)).all());
  ThresholdedDenoiser(identity, {.quantile = 0.5, .range = 2})(x, 0.5, mean);  // median 3
  REQUIRE(mean(0, 0) == Approx(2));
  REQUIRE(mean(1, 0) == Approx(-2.0 / 3));
  ThresholdedDenoiser(identity, {.quantile = 1, .largest = 2.5})(x, 0.5, mean);
  REQUIRE(mean(2, 0) == Approx(1));
  REQUIRE(mean(3, 0) == Approx(-2 / 2.5));
  ThresholdedDenoiser(identity, {.quantile = 0})(x, 0.5, mean);  // smallest value: 1
  REQUIRE(mean(0, 0) == 1);
  REQUIRE(mean(1, 0) == -1);
}

TEST_CASE("a sample does not see the threshold of another, and NaN is passed on", "[guide]") {
  Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(40, 3) * 4, all(40, 3);
  x(7, 2) = std::nanf("");
  const ThresholdedDenoiser denoiser(identity);
  denoiser(x, 0.5, all);
  Eigen::ArrayXf one(40);
  denoiser(Eigen::ArrayXf(x.col(1)), 0.5, one);
  REQUIRE((one == all.col(1)).all());
  REQUIRE(std::isnan(all(7, 2)));
}

TEST_CASE("thresholds out of range are errors that name the option", "[guide]") {
  REQUIRE_THAT(complaint([] { ThresholdedDenoiser(identity, {.quantile = 2}); }),
               ContainsSubstring("quantile must be in [0, 1], got 2"));
  REQUIRE_THAT(complaint([] { ThresholdedDenoiser(identity, {.range = 0}); }),
               ContainsSubstring("range must be finite and positive, got 0"));
  REQUIRE_THAT(complaint([] { ThresholdedDenoiser(identity, {.largest = 0.5}); }),
               ContainsSubstring("largest must be at least the range, got 0.5"));
}
