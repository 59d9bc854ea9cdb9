#include "azula/denoise/prediction.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"

using azula::InputForm;
using azula::Preconditioning;
using azula::Scales;
using Catch::Approx;

namespace {

const std::vector<Scales> levels{{1, 0.001}, {1, 80}, {0.8, 0.6}, {0.05, 0.9987}, {0.3, 0.7}, {2, 3}};
const std::vector<InputForm> forms{InputForm::as_is, InputForm::preserving, InputForm::exploding,
                                   InputForm::rectified};

/// The mean that a prediction gives back when the network outputs `target`.
double mean(const Preconditioning& c, double x_t, double target) {
  return c.skip * x_t + c.out * target;
}

}  // namespace

TEST_CASE("each prediction gives the data back from what a perfect network would output", "[denoise]") {
  const double x = 0.37, noise = -1.2;  // the data, and the noise that was added to them
  for (const Scales& s : levels) {
    for (const InputForm form : forms) {
      CAPTURE(s.alpha, s.sigma, static_cast<int>(form));
      const double k = azula::input_scale(form, s), x_t = s.alpha * x + s.sigma * noise;
      const double alpha = s.alpha / k, sigma = s.sigma / k;  // of what the network sees
      const double precision = 1e-13 * (1 + s.sigma / s.alpha);
      const auto gives_back = [&](const auto& prediction, double target) {
        const Preconditioning c = prediction(s);
        REQUIRE(c.in == Approx(1 / k).epsilon(1e-15));
        REQUIRE(mean(c, x_t, target) == Approx(x).margin(precision));
      };
      gives_back(azula::NoisePrediction{.input = form}, noise);
      gives_back(azula::DataPrediction{.input = form}, x);
      gives_back(azula::VelocityPrediction{.input = form}, alpha * noise - sigma * x);
      gives_back(azula::FlowPrediction{.input = form}, noise - x);
      gives_back(azula::FlowPrediction{.towards_data = true, .input = form}, x - noise);
      gives_back(azula::ScorePrediction{.input = form}, -noise / sigma);
    }
  }
}

TEST_CASE("input forms are those of the schedules they are named after", "[denoise]") {
  const Scales s{0.3, 0.7};
  REQUIRE(azula::input_scale(InputForm::as_is, s) == 1);
  REQUIRE(azula::input_scale(InputForm::exploding, s) == 0.3);
  REQUIRE(azula::input_scale(InputForm::rectified, s) == 1);
  REQUIRE(azula::input_scale(InputForm::preserving, {3, 4}) == 5);
}

TEST_CASE("EDM's prediction has the coefficients of its paper at a signal scale of 1", "[denoise]") {
  for (const double sigma : {0.002, 0.5, 80.0}) {
    for (const double data : {0.5, 1.0, 3.0}) {
      const Preconditioning c = azula::EDMPrediction{.sigma_data = data}({1, sigma});
      REQUIRE(c.skip == Approx(data * data / (sigma * sigma + data * data)).epsilon(1e-14));
      REQUIRE(c.out == Approx(sigma * data / std::sqrt(sigma * sigma + data * data)).epsilon(1e-14));
      REQUIRE(c.in == Approx(1 / std::sqrt(sigma * sigma + data * data)).epsilon(1e-14));
    }
  }
}

TEST_CASE("with sigma_min EDM's prediction is that of consistency models", "[denoise]") {
  for (const double sigma : {0.002, 0.5, 80.0}) {
    const Preconditioning c = azula::EDMPrediction{.sigma_data = 0.5, .sigma_min = 0.002}({1, sigma});
    const double above = sigma - 0.002;
    REQUIRE(c.skip == Approx(0.25 / (above * above + 0.25)).epsilon(1e-14));
    REQUIRE(c.out == Approx(above * 0.5 / std::sqrt(sigma * sigma + 0.25)).epsilon(1e-14));
    REQUIRE(c.in == Approx(1 / std::sqrt(sigma * sigma + 0.25)).epsilon(1e-14));
  }
  const Preconditioning clean = azula::EDMPrediction{.sigma_min = 0.25}({2, 0.5});
  REQUIRE((clean.skip == 0.5 && clean.out == 0));
}

TEST_CASE("EDM's prediction is the same function of the data whatever the signal scale", "[denoise]") {
  const azula::EDMPrediction prediction{.sigma_data = 0.5, .sigma_min = 0.1};
  const double x_t = 0.7;
  for (const double alpha : {0.01, 0.5, 4.0}) {
    const Preconditioning one = prediction({1, 2.0}), other = prediction({alpha, 2.0 * alpha});
    REQUIRE(other.in * alpha * x_t == Approx(one.in * x_t).epsilon(1e-14));
    REQUIRE(mean(other, alpha * x_t, 0.3) == Approx(mean(one, x_t, 0.3)).epsilon(1e-14));
  }
}

TEST_CASE("velocity, flow, data and EDM predictions tell the mean without a signal, noise and score do not",
          "[denoise]") {
  const Scales s{0, 1};
  for (const Preconditioning c : {azula::VelocityPrediction{}(s), azula::FlowPrediction{}(s),
                                  azula::DataPrediction{}(s), azula::EDMPrediction{}(s)}) {
    REQUIRE(std::isfinite(c.skip));
    REQUIRE(std::isfinite(c.out));
  }
  REQUIRE(!std::isfinite(azula::NoisePrediction{}(s).skip));
  REQUIRE(!std::isfinite(azula::ScorePrediction{}(s).skip));
}
