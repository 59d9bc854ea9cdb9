#include "azula/guide/masked_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <functional>
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

TEST_CASE("known values are replaced, also for a sampler that refers to the denoiser", "[guide]") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  const Eigen::Array3d mask(1, 0, 0.25), first(7, std::nan(""), 9), second(-2, std::nan(""), 4), other(0.5, 1, 0);
  const auto of = [&](const auto& denoiser) {
    Eigen::ArrayXXd mean(3, 2);
    denoiser(x, 0.5, mean);
    return mean;
  };
  const auto same = [&](const auto& denoiser, const auto& m, const auto& known) {
    return (of(denoiser) == of(MaskedDenoiser(inner, m, known))).all();
  };
  MaskedDenoiser denoiser(inner, mask, first);
  const MaskedDenoiser copy = denoiser;
  const azula::Sampler refers(std::ref(denoiser), azula::xEAB<2>{}, {.steps = 5, .silent = true});
  const azula::Sampler holds(denoiser, azula::xEAB<2>{}, {.steps = 5, .silent = true});
  denoiser.set_known(second);
  CHECK(same(denoiser, mask, second));
  CHECK(same(copy, mask, first));
  CHECK((refers(x).row(0) == -2).all());
  CHECK((holds(x).row(0) == 7).all());
  denoiser.set_known(Eigen::Array3f(1, 2, 3) * 2);  // an expression, of another scalar
  CHECK(same(denoiser, mask, Eigen::Array3d(2, 4, 6)));
  denoiser.set_known(other, Eigen::Vector3d(1, 2, std::nan("")));
  CHECK(same(denoiser, other, Eigen::Array3d(1, 2, 0)));
  denoiser.set_known(mask, second);
  CHECK(same(denoiser, mask, second));

  // A run sees the new values from its next evaluation on.
  auto run = refers.start(x);
  while (!run.done()) {
    if (run.step() == 3) denoiser.set_known(first);
    denoiser(run.state(), run.time(), run.mean());
    CHECK((run.mean().row(0) == (run.step() < 3 ? -2 : 7)).all());
    run.advance();
  }

  // Row-major states, values for each sample, and a single number.
  const Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = x.transpose();
  const Eigen::ArrayXXd each = Eigen::ArrayXXd::Random(2, 3), next = Eigen::ArrayXXd::Random(2, 3);
  MaskedDenoiser by_rows(inner, 1.0, each), single(inner, 1.0, 5);
  by_rows.set_known(next);
  auto mean = rows;
  by_rows(rows, 0.5, mean);
#ifdef __FAST_MATH__
  const double rounding = 1e-15;  // which may calculate m + 1 (known - m)
#else
  const double rounding = 0;
#endif
  CHECK((mean - next).abs().maxCoeff() <= rounding);
  single.set_known(6.0F);
  CHECK((of(single) == 6).all());
}

TEST_CASE("known values that do not fit are refused and change nothing", "[guide]") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  Eigen::ArrayXXd before(3, 2), after(3, 2);
  const Eigen::Array3d mask(1, 0, 0.25), known(7, std::nan(""), 9), holes(std::nan(""), 1, 2);
  MaskedDenoiser denoiser(inner, mask, known);
  denoiser(x, 0.5, before);
  const auto refusal = [&](const auto&... arguments) {
    const auto text = complaint([&] { denoiser.set_known(arguments...); });
    denoiser(x, 0.5, after);
    CHECK((after == before).all());
    return text;
  };
  CHECK(refusal(Eigen::Array2d(1, 2)) ==
        "azula::MaskedDenoiser: the known values must have the same shape as before, 3 x 1, got 2 x 1");
  CHECK(refusal(Eigen::RowVector3d(1, 2, 3)) ==
        "azula::MaskedDenoiser: the known values must have the same shape as before, 3 x 1, got 1 x 3");
  CHECK(refusal(1.0) == "azula::MaskedDenoiser: the known values must have the same shape as before, 3 x 1, got 1 value");
  CHECK(refusal(Eigen::ArrayXd()) == "azula::MaskedDenoiser: the known values must not be empty, got 0 x 1");
  CHECK(refusal(Eigen::Array2d(1, 0), known) ==
        "azula::MaskedDenoiser: the mask must have the same shape as before, 3 x 1, got 2 x 1");
  CHECK_THAT(refusal(holes), ContainsSubstring("known values must be finite, got "));
  CHECK_THAT(refusal(Eigen::Array3d(1, 1, 1), known), ContainsSubstring("known values must be finite, got "));
  CHECK(refusal(Eigen::Array3d(1, 0, 2), known) == "azula::MaskedDenoiser: the mask must be in [0, 1], got 2");
  MaskedDenoiser single(inner, 1.0, 5);
  CHECK(complaint([&] { single.set_known(known); }) ==
        "azula::MaskedDenoiser: the known values must have the same shape as before, 1 value, got 3 x 1");
}
