#include "azula/denoise/network_denoiser.hpp"

#include <Eigen/Core>

#include <cmath>
#include <functional>

#include "azula/denoise/karras_denoiser.hpp"
#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/exploding_schedule.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/shifted_rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::NetworkDenoiser;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

const auto network = [](const auto& input, double c, auto& output) { output = (input + c).sin(); };

/// y = A tanh(x): a network that knows its vector–Jacobian product.
struct Layer {
  Eigen::Matrix2d a{{1, -2}, {0.5, 3}};

  void operator()(const Eigen::ArrayXXd& x, double, Eigen::ArrayXXd& y) const {
    y = (a * x.tanh().matrix()).array();
  }
  void vjp(const Eigen::ArrayXXd& x, double, const Eigen::ArrayXXd& v, Eigen::ArrayXXd& out) const {
    out = (a.transpose() * v.matrix()).array() / x.cosh().square();
  }
};

}  // namespace

TEST_CASE("a network is given the scaled state and the time of its convention", "[denoise]") {
  const azula::ExplodingSchedule schedule{azula::DiscreteSchedule(azula::linear_betas())};
  double seen = -1;
  Eigen::ArrayXXd input;
  const auto spy = [&](const auto& x, double c, auto& output) {
    seen = c;
    input = x;
    output = x;
  };
  const double t = schedule.time_of(500.25), sigma = schedule(t).sigma;
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(3, 2);
  Eigen::ArrayXXd mean(3, 2);
  NetworkDenoiser(spy, schedule, azula::NoisePrediction{.input = azula::InputForm::preserving},
                  azula::TrainingStep{})(x, t, mean);
  REQUIRE(seen == Approx(500.25).epsilon(1e-12));
  REQUIRE((input * std::sqrt(1 + sigma * sigma) - x).abs().maxCoeff() < 1e-15);
  REQUIRE((mean - (x - sigma * input)).abs().maxCoeff() < 1e-14 * sigma);

  const auto time_by = [&](const auto& convention) {
    NetworkDenoiser(spy, schedule, azula::DataPrediction{}, convention)(x, t, mean);
    return seen;
  };
  REQUIRE(time_by(azula::TrainingStep{.rounded = true}) == 500);
  REQUIRE(time_by(azula::OwnTime{.scale = -1, .offset = 1}) == 1 - t);
  REQUIRE(time_by(azula::LogRatioTime{}) == Approx(std::log(sigma) / 4));
  REQUIRE(time_by(azula::RatioTime{.scale = 2}) == Approx(2 * sigma));
  REQUIRE(time_by(azula::FlowTime{.scale = 1000}) == Approx(1000 * sigma / (1 + sigma)));
  REQUIRE(time_by(azula::FlowTime{.reversed = true}) == Approx(1 / (1 + sigma)));
  REQUIRE(time_by([](const auto&, double time) { return time * time; }) == t * t);
  REQUIRE((mean == x).all());  // data prediction: what the network says
}

TEST_CASE("the time of a flow is the noise level that its network was trained with, shifted or not",
          "[denoise]") {
  const azula::ShiftedRectifiedSchedule schedule{.shift = 3};
  REQUIRE(azula::FlowTime{.scale = 1000}(schedule, 0.5) == Approx(750));
  REQUIRE(azula::FlowTime{}(azula::RectifiedSchedule{0, 0}, 0.3) == Approx(0.3));
}

TEST_CASE("EDM's prediction with unit data is KarrasDenoiser", "[denoise]") {
  const azula::VPSchedule schedule;
  const NetworkDenoiser ours(network, schedule, azula::EDMPrediction{.sigma_data = 1},
                             azula::LogRatioTime{.scale = 1});
  const azula::KarrasDenoiser theirs(network, schedule);
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(5, 3);
  Eigen::ArrayXXd a(5, 3), b(5, 3);
  for (const double t : {0.0, 0.3, 1.0}) {
    ours(x, t, a);
    theirs(x, t, b);
    REQUIRE((a - b).abs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("the same network gives the same mean on schedules of other forms", "[denoise]") {
  using azula::InputForm;
  const azula::DiscreteSchedule preserving(azula::linear_betas());
  const azula::ExplodingSchedule exploding(preserving);
  const double t = 0.4, alpha = preserving(t).alpha;
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(4, 2);
  const Eigen::ArrayXXd y = x / alpha;
  const auto agree = [&](const auto& prediction) {
    Eigen::ArrayXXd a(4, 2), b(4, 2);
    NetworkDenoiser(network, preserving, prediction, azula::TrainingStep{})(x, t, a);
    NetworkDenoiser(network, exploding, prediction, azula::TrainingStep{})(y, t, b);
    REQUIRE((a - b).abs().maxCoeff() < 1e-12);
  };
  agree(azula::NoisePrediction{.input = InputForm::preserving});
  agree(azula::VelocityPrediction{.input = InputForm::preserving});
  agree(azula::ScorePrediction{.input = InputForm::preserving});
  agree(azula::FlowPrediction{.input = InputForm::rectified});
  agree(azula::EDMPrediction{});
}

TEST_CASE("networks may return, be referred to, and work on fixed sizes, maps and single precision",
          "[denoise]") {
  const auto returning = [](const auto& input, double c) { return (input * float(c)).eval(); };
  const NetworkDenoiser denoiser(std::cref(returning), azula::VPSchedule{}, azula::DataPrediction{});
  Eigen::Array3f x(1, 2, 3), mean;
  denoiser(x, 0.5, mean);
  REQUIRE((mean == 0.5F * x).all());
  Eigen::ArrayXf large(3);
  denoiser(Eigen::Map<Eigen::ArrayXf>(x.data(), 3), 0.5, large);
  REQUIRE((large == 0.5F * x).all());
}

TEST_CASE("the vector-Jacobian product of the mean is that of its formula", "[denoise]") {
  const azula::VPSchedule schedule;
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(2, 3), v = Eigen::ArrayXXd::Random(2, 3);
  const auto check = [&](const auto& prediction) {
    const NetworkDenoiser denoiser(Layer{}, schedule, prediction);
    Eigen::ArrayXXd product(2, 3), above(2, 3), below(2, 3);
    denoiser.vjp(x, 0.4, v, product);
    for (Eigen::Index i = 0; i < x.size(); ++i) {  // Σ v m(x) by central differences
      Eigen::ArrayXXd moved = x;
      moved(i) += 1e-5;
      denoiser(moved, 0.4, above);
      moved(i) -= 2e-5;
      denoiser(moved, 0.4, below);
      REQUIRE(product(i) == Approx((v * (above - below)).sum() / 2e-5).margin(1e-8));
    }
  };
  check(azula::VelocityPrediction{});
  check(azula::EDMPrediction{});
  check(azula::NoisePrediction{.input = azula::InputForm::exploding});
}

TEST_CASE("what a network gets wrong is an error that says what was expected and found", "[denoise]") {
  const auto twice = [](const auto& input, double, auto& output) { output = input.replicate(2, 1); };
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Zero(3, 4);
  Eigen::ArrayXXd mean(3, 4);
  const NetworkDenoiser six(twice, azula::VPSchedule{}, azula::VelocityPrediction{});
  REQUIRE_THAT(complaint([&] { six(x, 0.5, mean); }),
               ContainsSubstring("the network's output must have the shape of its input, 3 x 4, got 6 x 4"));
  const azula::DiscreteSchedule silent(azula::rescale_zero_terminal_snr(azula::linear_betas()));
  const NetworkDenoiser noise(network, silent, azula::NoisePrediction{}, azula::TrainingStep{});
  Eigen::ArrayXXd out(3, 4);
  REQUIRE_THAT(complaint([&] { noise(x, 1.0, out); }), ContainsSubstring("does not tell the mean at time 1"));
  REQUIRE_THAT(complaint([&] { noise(x, 1.0, out); }), ContainsSubstring("got alpha = 0, sigma = 1"));
  REQUIRE(complaint([&] {
            NetworkDenoiser(network, silent, azula::VelocityPrediction{}, azula::TrainingStep{})(x, 1.0, out);
          }).empty());
}
