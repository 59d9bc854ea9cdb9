#include "azula/guide/guided_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/guide/batched_guided_denoiser.hpp"
#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::BatchedGuidedDenoiser;
using azula::GuidedDenoiser;
using azula::RescaledPrediction;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

using Batch = Eigen::ArrayXXd;

const azula::VPSchedule schedule;
const azula::GaussianDenoiser positive(1.5, 0.2, schedule), negative(0.0, 1.0, schedule);

template <class D>
Batch mean_of(const D& denoiser, const Batch& x, double t) {
  Batch mean(x.rows(), x.cols());
  denoiser(x, t, mean);
  return mean;
}

/// Samples of different spread, for standard deviations.
Batch some() {
  return (Batch::Random(50, 3).rowwise() * Eigen::RowVector3d(1, 2, 0.5).array()).eval();
}

Eigen::ArrayXd deviations(const Batch& x) {
  return (x.rowwise() - x.colwise().mean()).square().colwise().mean().sqrt().transpose();
}

}  // namespace

TEST_CASE("guidance extrapolates from the negative mean through the positive one", "[guide]") {
  const Batch x = some(), p = mean_of(positive, x, 0.6), n = mean_of(negative, x, 0.6);
  for (const double w : {-1.0, 0.0, 0.3, 1.0, 7.5}) {
    CAPTURE(w);
    REQUIRE((mean_of(GuidedDenoiser(positive, negative, w), x, 0.6) - (n + w * (p - n))).abs().maxCoeff() <
            1e-14);
  }
  const auto weight = [](double t) { return 10 * t; };
  REQUIRE((mean_of(GuidedDenoiser(positive, std::cref(negative), weight), x, 0.6) - (n + 6 * (p - n)))
              .abs()
              .maxCoeff() < 1e-14);
}

TEST_CASE("a weight of 1 or 0 costs one evaluation, and so does a time outside the interval", "[guide]") {
  int calls = 0;
  const azula::FunctionDenoiser counted(
      [&](const Batch& x, double, Batch& mean) {
        ++calls;
        mean = x;
      },
      schedule);
  const Batch x = some();
  mean_of(GuidedDenoiser(counted, negative, 0.0), x, 0.6);
  REQUIRE(calls == 0);
  mean_of(GuidedDenoiser(positive, counted, 1.0), x, 0.6);
  REQUIRE(calls == 0);
  const double rho = schedule(0.6).sigma / schedule(0.6).alpha;
  const auto within = [&](double low, double high) {
    calls = 0;
    const Batch mean = mean_of(GuidedDenoiser(positive, counted, 3.0, {.low = low, .high = high}), x, 0.6);
    if (calls == 0) REQUIRE((mean == mean_of(positive, x, 0.6)).all());
    return calls == 1;
  };
  REQUIRE(within(rho * 0.99, rho));
  REQUIRE(!within(rho, rho * 1.01));
  REQUIRE(!within(0, rho * 0.99));
}

TEST_CASE("a full rescale gives the guided prediction the positive one's deviation", "[guide]") {
  const Batch x = some();
  const double t = 0.5;
  const double alpha = schedule(t).alpha, sigma = schedule(t).sigma;
  const auto prediction = [&](RescaledPrediction kind, const Batch& m) -> Batch {
    switch (kind) {
      case RescaledPrediction::noise:
        return (x - alpha * m) / sigma;
      case RescaledPrediction::velocity:
        return alpha * (x - alpha * m) / sigma - sigma * m;  // α ε - σ m
      case RescaledPrediction::flow:
        return (x - alpha * m) / sigma - m;
      default:
        return m;
    }
  };
  const Batch p = mean_of(positive, x, t), plain = mean_of(GuidedDenoiser(positive, negative, 4.0), x, t);
  for (const auto kind : {RescaledPrediction::data, RescaledPrediction::noise, RescaledPrediction::velocity,
                          RescaledPrediction::flow}) {
    CAPTURE(static_cast<int>(kind));
    const Eigen::ArrayXd wanted = deviations(prediction(kind, p)),
                         found = deviations(prediction(kind, plain));
    REQUIRE((wanted / found - 1).abs().minCoeff() > 0.01);
    for (const double phi : {0.0, 0.7, 1.0}) {
      const Batch m =
          mean_of(GuidedDenoiser(positive, negative, 4.0, {.rescale = phi, .rescaled = kind}), x, t);
      // The whole prediction is multiplied, its mean as well.
      const Batch ratio = prediction(kind, m) / prediction(kind, plain);
      for (Eigen::Index j = 0; j < 3; ++j) {
        const double factor = phi * wanted(j) / found(j) + 1 - phi;
        REQUIRE((ratio.col(j) / factor - 1).abs().maxCoeff() < 1e-5);
      }
    }
  }
}

TEST_CASE("rescaled noise is left alone where there is no signal, and its mean is a number", "[guide]") {
  const azula::RectifiedSchedule flow{0, 0};  // α = 0 at time 1
  const azula::GaussianDenoiser one(1.5, 0.2, flow), other(0.0, 1.0, flow);
  const auto guided = [&](double phi) {
    return GuidedDenoiser(one, other, 3.0, {.rescale = phi, .rescaled = RescaledPrediction::noise});
  };
  REQUIRE((mean_of(guided(0.7), some(), 1) == mean_of(guided(0), some(), 1)).all());
}

TEST_CASE("weights that are an expression are those of the moment, of any scalar", "[guide]") {
  Eigen::ArrayXd weights(3);
  weights << 0.5, 2, 7;
  const GuidedDenoiser twice(positive, negative, 2 * weights);
  const BatchedGuidedDenoiser both(positive, weights.reverse());
  const Batch x = some();
  const Batch expected = mean_of(GuidedDenoiser(positive, negative, Eigen::ArrayXd(2 * weights)), x, 0.6);
  const Batch same = mean_of(both, x, 0.6);
  REQUIRE((mean_of(GuidedDenoiser(positive, negative, Eigen::Vector3f(1, 4, 14)), x, 0.6) == expected).all());
  weights.setConstant(std::nan(""));
  REQUIRE((mean_of(twice, x, 0.6) == expected).all());
  REQUIRE((mean_of(both, x, 0.6) == same).all());
}

TEST_CASE("a weight of 0 is the negative mean in a batched evaluation, too, without a rescale", "[guide]") {
  const azula::FunctionDenoiser halves(
      [](const Batch& x, double, Batch& mean) {
        mean = x;
        mean.rightCols(x.cols() / 2) *= 3;
      },
      schedule);
  const Batch x = some();
  const azula::GuidanceOptions options{.rescale = 0.7};
  REQUIRE((mean_of(BatchedGuidedDenoiser(halves, 0.0, options), x, 0.6) == 3 * x).all());
}

TEST_CASE("one batched evaluation of both halves is two evaluations", "[guide]") {
  const auto joint = [](const auto& x, double t, auto& mean) {
    const Eigen::Index half = x.cols() / 2;
    mean.leftCols(half) = mean_of(positive, x.leftCols(half), t);
    mean.rightCols(half) = mean_of(negative, x.rightCols(half), t);
  };
  const azula::FunctionDenoiser both(joint, schedule);
  const Batch x = some();
  for (const double t : {0.2, 0.8}) {
    for (const azula::GuidanceOptions& options :
         {azula::GuidanceOptions{}, azula::GuidanceOptions{.high = 1, .rescale = 0.5}}) {
      const Batch expected = mean_of(GuidedDenoiser(positive, negative, 5.0, options), x, t);
      REQUIRE((mean_of(BatchedGuidedDenoiser(both, 5.0, options), x, t) - expected).abs().maxCoeff() < 1e-14);
    }
  }
  // A sample per row of a row-major state.
  using Rows = Eigen::Array<float, Eigen::Dynamic, 2, Eigen::RowMajor>;
  const azula::FunctionDenoiser rows(
      [](const Rows& all, double, Rows& mean) {
        mean = all;
        mean.bottomRows(3) *= 2;
      },
      schedule);
  const Rows x_t = Rows::Random(3, 2);
  Rows mean(3, 2);
  BatchedGuidedDenoiser(rows, 3.0)(x_t, 0.5, mean);
  REQUIRE((mean + x_t).abs().maxCoeff() < 1e-6F);  // 2 x + 3 (x - 2 x)
}

TEST_CASE("guidance out of range is an error that names the option", "[guide]") {
  REQUIRE_THAT(complaint([] { GuidedDenoiser(positive, negative, 2.0, {.rescale = 2}); }),
               ContainsSubstring("azula::GuidedDenoiser: rescale must be in [0, 1], got 2"));
  REQUIRE_THAT(complaint([] { GuidedDenoiser(positive, negative, 2.0, {.low = 2, .high = 1}); }),
               ContainsSubstring("low must be at most high, got 2"));
  REQUIRE_THAT(complaint([] { BatchedGuidedDenoiser(positive, std::nan("")); }),
               ContainsSubstring("azula::BatchedGuidedDenoiser: the weight must be finite, got nan"));
}

TEST_CASE("guidance by a denoiser with another schedule is refused where it is evaluated", "[guide]") {
  const azula::DiscreteSchedule discrete(azula::linear_betas());
  const azula::GaussianDenoiser one(1.5, 0.2, discrete);
  const Batch x = some();
  const auto refusal = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  const std::string said = refusal([&] { mean_of(GuidedDenoiser(one, negative, 3.0), x, 0.5); });
  CHECK_THAT(said, ContainsSubstring("azula::GuidedDenoiser: both denoisers must have the same schedule, got alpha = "));
  CHECK(said.ends_with(" of the negative one at time 0.5"));
  CHECK_FALSE(refusal([&] { mean_of(GuidedDenoiser(one, negative, 0.0), x, 0.5); }).empty());
  const Eigen::ArrayXd weights = Eigen::Array3d(1, 3, 3);
  CHECK_FALSE(refusal([&] { mean_of(GuidedDenoiser(one, negative, weights), x, 0.5); }).empty());

  // The same schedule up to rounding.
  std::vector<double> products;
  for (const double log : azula::log_alpha_bars(azula::linear_betas(), "test")) products.push_back(std::exp(log));
  const azula::GaussianDenoiser same(0.0, 1.0, azula::DiscreteSchedule::from_alpha_bars(products));
  for (const double t : {1.0, 0.5, 0.0015, 0.0}) {
    CHECK(refusal([&] { mean_of(GuidedDenoiser(one, same, 3.0), x, t); }).empty());
  }
}
