/// \file
/// Denoisers that are given a time per sample, against the same ones that are given each sample alone.

#include <Eigen/Core>

#include <cmath>
#include <functional>

#include "azula/denoise/evaluate.hpp"
#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/karras_denoiser.hpp"
#include "azula/denoise/network_denoiser.hpp"
#include "azula/denoise/simple_denoiser.hpp"
#include "azula/guide/batched_guided_denoiser.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/guide/guided_denoiser.hpp"
#include "azula/guide/thresholded_denoiser.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::SampleTimes;
using Catch::Matchers::ContainsSubstring;

namespace {

using Batch = Eigen::ArrayXXf;

const azula::VPSchedule schedule;

float response(float x, double c, double factor) {
  return std::tanh(x * static_cast<float>(factor) + static_cast<float>(c));
}

/// Every value by itself, and not linearly; counts its calls.
struct Network {
  double factor;
  int* calls = nullptr;

  void operator()(const Batch& input, double c, Batch& output) const {
    output = input.unaryExpr([&](float x) { return response(x, c, factor); });
    if (calls != nullptr) ++*calls;
  }
  void operator()(const Batch& input, const SampleTimes& c, Batch& output) const {
    output.resizeLike(input);
    for (Eigen::Index j = 0; j < input.cols(); ++j) {
      output.col(j) = input.col(j).unaryExpr([&](float x) { return response(x, c(j), factor); });
    }
    if (calls != nullptr) ++*calls;
  }
};

const SampleTimes times{{0.9, 0.25, 0.9, 0.6, 0.01}};
const Eigen::ArrayXd weights{{2, 0, 1, 7.5, -1}};

Batch some() {
  return 2 * Batch::Random(7, times.size());
}

template <class D, class Time>
Batch mean_of(const D& denoiser, const Batch& x, const Time& t) {
  Batch mean;
  azula::Evaluation<D, Batch> evaluation(x);
  evaluation(denoiser, x, t, mean);
  return mean;
}

bool same_bits(const Batch& a, const Batch& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() && (a == b).all();
}

/// \param of  makes the denoiser of sample j; of all, without j
template <class D, class Of>
void require_as_alone(const D& denoiser, const Of& of) {
  const Batch x = some(), together = mean_of(denoiser, x, times);
  for (Eigen::Index j = 0; j < times.size(); ++j) {
    CAPTURE(j);
    REQUIRE(same_bits(together.col(j), mean_of(of(j), x.col(j), times(j))));
  }
  for (const double t : {0.2, 0.7}) {
    REQUIRE(
        same_bits(mean_of(denoiser, x, SampleTimes(SampleTimes::Constant(times.size(), t))), mean_of(denoiser, x, t)));
  }
}

template <class D>
void require_as_alone(const D& denoiser) {
  require_as_alone(denoiser, [&](Eigen::Index) -> const D& { return denoiser; });
}

}  // namespace

TEST_CASE("with a time per sample each sample has the bits that it has alone", "[denoise]") {
  const Network network{0.7};
  require_as_alone(azula::KarrasDenoiser(network, schedule));
  require_as_alone(azula::KarrasDenoiser(std::cref(network), schedule));
  require_as_alone(azula::SimpleDenoiser(network, schedule));
  require_as_alone(azula::NetworkDenoiser(network, schedule, azula::NoisePrediction{}));
  require_as_alone(azula::NetworkDenoiser(network, schedule, azula::DataPrediction{}, azula::LogRatioTime{}));
  require_as_alone(azula::NetworkDenoiser(network, schedule, azula::EDMPrediction{}, azula::OwnTime{.scale = 999}));
}

TEST_CASE("denoisers around denoisers pass the times on", "[denoise]") {
  const azula::KarrasDenoiser denoiser(Network{0.7}, schedule);
  require_as_alone(azula::ClampedDenoiser(denoiser, -0.5, 0.5));
  require_as_alone(azula::ThresholdedDenoiser(denoiser, {.quantile = 0.7, .range = 0.5}));
  require_as_alone(azula::FunctionDenoiser(Network{0.7}, schedule));
  const auto scaled = [](const Batch& x, const SampleTimes& t) {
    return Batch(x.rowwise() * t.cast<float>().transpose());
  };
  const Batch x = some();
  REQUIRE(same_bits(mean_of(azula::FunctionDenoiser(scaled, schedule), x, times), scaled(x, times)));
}

TEST_CASE("guidance has a weight and an interval for each sample's time", "[guide]") {
  const azula::KarrasDenoiser positive(Network{0.7}, schedule), negative(Network{-0.3}, schedule);
  const auto falling = [](double t) { return 8 * t; };
  for (const azula::GuidanceOptions& options : {azula::GuidanceOptions{}, azula::GuidanceOptions{.low = 0.1, .high = 2},
                                                azula::GuidanceOptions{.rescale = 0.7}}) {
    require_as_alone(azula::GuidedDenoiser(positive, negative, 3.0, options));
    require_as_alone(azula::GuidedDenoiser(positive, std::cref(negative), falling, options));
    require_as_alone(azula::GuidedDenoiser(positive, negative, weights, options),
                     [&](Eigen::Index j) { return azula::GuidedDenoiser(positive, negative, weights(j), options); });
  }
}

TEST_CASE("guidance by one evaluation of both halves is that by two", "[guide]") {
  const azula::KarrasDenoiser positive(Network{0.7}, schedule), negative(Network{-0.3}, schedule);
  const auto both = [](const Batch& x, const auto& c, Batch& output) {
    output.resizeLike(x);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const double factor = j < x.cols() / 2 ? 0.7 : -0.3;
      output.col(j) = x.col(j).unaryExpr([&](float v) { return response(v, azula::sample_time(c, j), factor); });
    }
  };
  const azula::KarrasDenoiser joint(both, schedule);
  const Batch x = some();
  for (const azula::GuidanceOptions& options :
       {azula::GuidanceOptions{}, azula::GuidanceOptions{.high = 2, .rescale = 0.5}}) {
    REQUIRE(same_bits(mean_of(azula::BatchedGuidedDenoiser(joint, weights, options), x, times),
                      mean_of(azula::GuidedDenoiser(positive, negative, weights, options), x, times)));
    REQUIRE(same_bits(mean_of(azula::BatchedGuidedDenoiser(joint, weights, options), x, 0.4),
                      mean_of(azula::GuidedDenoiser(positive, negative, weights, options), x, 0.4)));
    REQUIRE(same_bits(mean_of(azula::BatchedGuidedDenoiser(joint, 3.0, options), x, times),
                      mean_of(azula::GuidedDenoiser(positive, negative, 3.0, options), x, times)));
  }
}

TEST_CASE("a network that no sample has a use for is not asked", "[guide]") {
  int positive = 0, negative = 0;
  const azula::KarrasDenoiser one(Network{0.7, &positive}, schedule), other(Network{-0.3, &negative}, schedule);
  const auto ask = [&](const Eigen::ArrayXd& w) {
    positive = negative = 0;
    mean_of(azula::GuidedDenoiser(one, other, w), some(), times);
    return 10 * positive + negative;
  };
  CHECK(ask(weights) == 11);
  CHECK(ask(Eigen::ArrayXd::Ones(5)) == 10);
  CHECK(ask(Eigen::ArrayXd::Zero(5)) == 1);
}

TEST_CASE("times and weights that are not one per sample are an error that says how many there are", "[denoise]") {
  const azula::KarrasDenoiser denoiser(Network{0.7}, schedule);
  const Batch x = some();
  const SampleTimes three = times.head(3);
  CHECK(complaint([&] { mean_of(denoiser, x, three); }) ==
        "azula::Sampler: there must be a time for each of the 5 samples, got 3");
  Batch mean;
  azula::NetworkWorkspace<Batch> work(x);
  CHECK(complaint([&] { denoiser(x, three, mean, work); }) ==
        "azula::KarrasDenoiser: there must be a time for each of the 5 samples, got 3");
  CHECK(complaint([&] {
          mean_of(azula::GuidedDenoiser(denoiser, denoiser, Eigen::ArrayXd(weights.head(2))), x, 0.5);
        }) == "azula::GuidedDenoiser: there must be a weight for each of the 5 samples, got 2");
  CHECK_THAT(complaint([&] { azula::GuidedDenoiser(denoiser, denoiser, Eigen::ArrayXd(weights / 0)); }),
             ContainsSubstring("azula::GuidedDenoiser: the weights must be finite, got "));
}

TEST_CASE("a sampler takes a weight for each sample, too", "[guide]") {
  const azula::KarrasDenoiser positive(Network{0.7}, schedule), negative(Network{-0.3}, schedule);
  const Batch x = some(), together = mean_of(azula::GuidedDenoiser(positive, negative, weights), x, 0.6);
  for (Eigen::Index j = 0; j < weights.size(); ++j) {
    REQUIRE(same_bits(together.col(j), mean_of(azula::GuidedDenoiser(positive, negative, weights(j)), x.col(j), 0.6)));
  }
}
