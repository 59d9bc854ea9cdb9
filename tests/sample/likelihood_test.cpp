#include "azula/sample/likelihood.hpp"

#include <Eigen/LU>

#include <cmath>
#include <numbers>
#include <stdexcept>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

const azula::VPSchedule vp;  // α = 0.001 at the noisy end
constexpr double stop = 0.1;

/// log N(x; mean, variance) of each value, summed.
double log_normal(const Eigen::ArrayXd& x, const Eigen::ArrayXd& mean, double variance) {
  const auto size = static_cast<double>(x.size());
  return -(x - mean).square().sum() / (2 * variance) - size / 2 * std::log(2 * std::numbers::pi * variance);
}

/// 0.4 N(μ_1, 0.04) + 0.6 N(μ_2, 0.09) in two dimensions.
struct Mixture {
  Eigen::ArrayXd weights = Eigen::Array2d(0.4, 0.6);
  Eigen::MatrixXd means{{-1.0, 0.8}, {0.3, -0.2}};
  Eigen::ArrayXd variances = Eigen::Array2d(0.04, 0.09);

  auto denoiser() const { return azula::MixtureDenoiser(weights, means, variances, vp); }

  /// log p(x_t).
  double log_density(const Eigen::ArrayXd& x, double t) const {
    const auto [a, s] = vp(t);
    double density = 0;
    for (Eigen::Index k = 0; k < 2; ++k) {
      density += weights(k) * std::exp(log_normal(x, a * means.col(k).array(), a * a * variances(k) + s * s));
    }
    return std::log(density);
  }
};

/// Gaussian data with a covariance that is not diagonal: the divergence along random signs varies.
auto correlated() {
  const Eigen::MatrixXd factor{
      {1.0, 0.0, 0.0, 0.0}, {0.6, 0.5, 0.0, 0.0}, {-0.4, 0.3, 0.7, 0.0}, {0.2, 0.8, -0.5, 0.3}};
  const Eigen::MatrixXd covariance = factor * factor.transpose();
  return azula::GaussianDenoiser(0.0, covariance, vp);
}

/// A denoiser with an exact product with its Jacobian, which is a number here.
struct WithJvp {
  azula::GaussianDenoiser<azula::DiagonalCovariance, azula::VPSchedule> inner{0.3, 0.5, vp};

  const azula::VPSchedule& schedule() const { return inner.schedule(); }
  void operator()(const Eigen::ArrayXXd& x, double t, Eigen::ArrayXXd& mean) const { inner(x, t, mean); }
  void jvp(const Eigen::ArrayXXd&, double t, const Eigen::ArrayXXd& v, Eigen::ArrayXXd& out) const {
    const auto [a, s] = inner.schedule()(t);
    out = a * 0.5 / (a * a * 0.5 + s * s) * v;
  }
};

}  // namespace

TEST_CASE("the likelihood of Gaussian data is the closed form, and of fourth order in the steps",
          "[likelihood]") {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, vp);
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(15, -1, 1).reshaped(3, 5);
  const auto [a, s] = vp(stop);
  const auto error = [&, a = a, s = s](std::ptrdiff_t steps) {
    const auto got = azula::log_likelihood(denoiser, x, azula::ExactTrace{},
                                           {.stop = stop, .steps = steps, .mean = 0.3, .variance = 0.5});
    double largest = 0;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const double exact = log_normal(x.col(j), Eigen::ArrayXd::Constant(3, a * 0.3), a * a * 0.5 + s * s);
      largest = std::fmax(largest, std::fabs(got.log_prob(j) - exact));
    }
    CHECK((got.standard_error == 0).all());
    return largest;
  };
  const double few = error(16), more = error(32);
  CHECK(std::fabs(std::log2(few / more) - 4) < 0.3);
  CHECK(error(256) < 1e-6);
}

TEST_CASE("the likelihood of a mixture is the closed form", "[likelihood]") {
  const Mixture mixture;
  Eigen::ArrayXXd x(2, 6);
  x << -1.0, 0.8, 0.0, -0.3, 1.5, -2.0, 0.3, -0.2, 0.1, 0.9, -0.4, 0.5;
  const auto got =
      azula::log_likelihood(mixture.denoiser(), x, azula::ExactTrace{}, {.stop = stop, .steps = 200});
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    INFO("sample " << j);
    // At the noisy end the mixture is not quite a Gaussian: its moments there differ by α² = 1e-6.
    CHECK(std::fabs(got.log_prob(j) - mixture.log_density(x.col(j), stop)) < 1e-3);
  }
}

TEST_CASE("Hutchinson's estimate is within four standard errors of the exact divergence", "[likelihood][long]") {
  const auto denoiser = correlated();
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(24, -1, 0.8).reshaped(4, 6);
  const azula::LikelihoodOptions options{.stop = stop, .steps = 32};
  const auto exact = azula::log_likelihood(denoiser, x, azula::ExactTrace{}, options);
  const azula::HutchinsonTrace trace(azula::NormalSource(5), 32);
  const auto estimate = azula::log_likelihood(denoiser, x, trace, options);
  CHECK((estimate.standard_error > 0.01).all());
  CHECK(((estimate.log_prob - exact.log_prob).abs() < 4 * estimate.standard_error).all());
  CHECK((estimate.log_prob - exact.log_prob).abs().maxCoeff() > 1e-6);
  const auto many =
      azula::log_likelihood(denoiser, x, azula::HutchinsonTrace(azula::NormalSource(6), 512), options);
  CHECK(((many.log_prob - exact.log_prob).abs() < 4 * many.standard_error).all());
  CHECK(std::fabs(std::log2((estimate.standard_error / many.standard_error).mean()) - 2) < 0.3);
}

TEST_CASE("random signs give the trace of a diagonal Jacobian exactly", "[likelihood]") {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, vp);
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(6, -1, 0.8).reshaped(3, 2);
  const azula::LikelihoodOptions options{.stop = stop, .steps = 16};
  const auto exact = azula::log_likelihood(denoiser, x, azula::ExactTrace{}, options);
  const auto one =
      azula::log_likelihood(denoiser, x, azula::HutchinsonTrace(azula::NormalSource(5), 1), options);
  CHECK((one.log_prob - exact.log_prob).abs().maxCoeff() < 1e-6);
  CHECK(one.standard_error.isNaN().all());  // one probe does not tell its error
}

TEST_CASE("a Jacobian product is used where there is one, and evaluations are counted", "[likelihood]") {
  const WithJvp denoiser;
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(6, -1, 0.8).reshaped(3, 2);
  const azula::LikelihoodOptions options{.stop = stop, .steps = 16, .mean = 0.3, .variance = 0.5};
  const auto products = azula::log_likelihood(denoiser, x, azula::ExactTrace{}, options);
  const auto differences = azula::log_likelihood(denoiser.inner, x, azula::ExactTrace{}, options);
  CHECK((products.log_prob - differences.log_prob).abs().maxCoeff() < 1e-6);
  CHECK(products.evaluations == 16 * 4 * (1 + 3));
  CHECK(differences.evaluations == 16 * 4 * (1 + 2 * 3));
  const auto probes =
      azula::log_likelihood(denoiser, x, azula::HutchinsonTrace(azula::NormalSource(5), 2), options);
  CHECK(probes.evaluations == 16 * 4 * (1 + 2));
}

TEST_CASE("the likelihood of float states is that of double ones, to float", "[likelihood]") {
  const Mixture mixture;
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(8, -1, 0.8).reshaped(2, 4);
  const Eigen::ArrayXXf x_float = x.cast<float>();
  const azula::LikelihoodOptions options{.stop = stop, .steps = 32};
  const auto in_double = azula::log_likelihood(mixture.denoiser(), x, azula::ExactTrace{}, options);
  const auto in_float = azula::log_likelihood(mixture.denoiser(), x_float, azula::ExactTrace{}, options);
  CHECK((in_double.log_prob - in_float.log_prob).abs().maxCoeff() < 0.02);
}

TEST_CASE("options of the likelihood are checked", "[likelihood]") {
  const azula::GaussianDenoiser denoiser(0.3, 0.5, azula::VPSchedule{.sigma_min = 0});
  const Eigen::ArrayXXd x = Eigen::ArrayXd::LinSpaced(6, -1, 0.8).reshaped(3, 2);
  const auto said = [&](azula::LikelihoodOptions options) {
    return complaint<std::invalid_argument>(
        [&] { azula::log_likelihood(denoiser, x, azula::ExactTrace{}, options); });
  };
  CHECK(said({.variance = -1}) == "azula::log_likelihood: variance must be finite and at least 0, got -1");
  CHECK(said({.stop = 0.1, .steps = 0}).find("steps must be in [1, 500000]") != std::string::npos);
  CHECK(said({.stop = 0}).find("must be positive at time 0") != std::string::npos);
  CHECK(complaint<std::invalid_argument>([] { azula::HutchinsonTrace(azula::NormalSource(1), 0); }) ==
        "azula::HutchinsonTrace: probes must be in [1, 1000000], got 0");
}
