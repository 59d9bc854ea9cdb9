#include "azula/guide/masked_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <random>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::MaskedDenoiser;
using Catch::Matchers::ContainsSubstring;

namespace {

const azula::VPSchedule schedule{.alpha_min = 1e-3, .sigma_min = 0};
const azula::GaussianDenoiser inner(0.5, 0.3, schedule);

}  // namespace

TEST_CASE("known values replace the mean where the mask says so, and mix where it is soft", "[guide]") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  Eigen::ArrayXXd plain(3, 2), mean(3, 2);
  inner(x, 0.5, plain);
  const Eigen::Array3d mask(1, 0, 0.25), known(7, std::nan(""), 9);
  MaskedDenoiser(inner, mask, known)(x, 0.5, mean);
  for (Eigen::Index j = 0; j < 2; ++j) {
    REQUIRE(mean(0, j) == 7);
    REQUIRE(mean(1, j) == plain(1, j));
    REQUIRE(mean(2, j) == 0.25 * 9 + 0.75 * plain(2, j));
  }
  // Known values, and a mask, of each sample its own.
  const Eigen::ArrayXXd each = Eigen::ArrayXXd::Random(3, 2);
  Eigen::ArrayXXd first = Eigen::ArrayXXd::Zero(3, 2);
  first(1, 1) = 1;
  MaskedDenoiser(inner, first, each)(x, 0.5, mean);
  REQUIRE(mean(1, 1) == each(1, 1));
  mean(1, 1) = plain(1, 1);
  REQUIRE((mean == plain).all());
}

TEST_CASE("samplers with memory and noise end at the known values", "[guide]") {
  Eigen::ArrayXd mask = Eigen::ArrayXd::Zero(8);
  mask.head(3) = 1;  // a prefix
  const MaskedDenoiser denoiser(inner, mask, 1.25);
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(8, 4);
  const auto ends_there = [&](const auto& method) {
    std::mt19937_64 random(3);
    const Eigen::ArrayXXd end = azula::Sampler(denoiser, method, {.steps = 10, .silent = true})(x, random);
    return (end.topRows(3) == 1.25).all() && !(end.bottomRows(5) == 1.25).any();
  };
  REQUIRE(ends_there(azula::xEAB<3>{}));
  REQUIRE(ends_there(azula::DDPM{}));
  REQUIRE(ends_there(azula::Heun{}));
}

TEST_CASE("masks that do not fit are errors that say what would", "[guide]") {
  REQUIRE_THAT(complaint([] { MaskedDenoiser(inner, 1.5, 0.0); }),
               ContainsSubstring("the mask must be in [0, 1], got 1.5"));
  REQUIRE_THAT(complaint([] { MaskedDenoiser(inner, 1.0, std::nan("")); }),
               ContainsSubstring("known values must be finite, got nan"));
  const MaskedDenoiser denoiser(inner, Eigen::Array2d(0, 1), 0.0);
  Eigen::ArrayXXd x = Eigen::ArrayXXd::Zero(3, 4), mean = x;
  REQUIRE_THAT(
      complaint([&] { denoiser(x, 0.5, mean); }),
      ContainsSubstring(
          "azula::MaskedDenoiser: the mask must be one number, have the shape of a sample (3) or of the state (3 x 4), "
          "got 2 x 1"));
}
