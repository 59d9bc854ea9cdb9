#include "azula/denoise.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "azula/noise.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using Catch::Matchers::ContainsSubstring;
using Eigen::ArrayXd;
using Eigen::ArrayXXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

const azula::CosineSchedule schedule{.alpha_min = 1e-2, .sigma_min = 1e-2};
const Eigen::ArrayXd times{{0.05, 0.3, 0.6, 0.95}};

/// E[X | x_t] as a denoiser that writes gives it.
template <class D>
ArrayXXd mean_of(const D& denoiser, const ArrayXXd& x_t, double t) {
  ArrayXXd mean(x_t);
  denoiser(x_t, t, mean);
  return mean;
}

template <class D>
ArrayXXd mean_in_float(const D& denoiser, const ArrayXXd& x_t, double t) {
  const Eigen::ArrayXXf x = x_t.cast<float>();
  Eigen::ArrayXXf mean(x);
  denoiser(x, t, mean);
  return mean.cast<double>();
}

double distance(const ArrayXXd& a, const ArrayXXd& b) {
  return (a - b).abs().maxCoeff();
}

double normal(double x, double mean, double variance) {
  return std::exp(-(x - mean) * (x - mean) / (2 * variance)) / std::sqrt(2 * M_PI * variance);
}

/// E[X | x_t] in one dimension by the trapezoidal rule, which converges faster than any power here.
double quadrature(const std::function<double(double)>& density, double x_t, const azula::Scales& scales) {
  double weight = 0, moment = 0;
  for (int i = -40000; i <= 40000; ++i) {
    const double x = i * 5e-4;
    const double p = density(x) * normal(x_t, scales.alpha * x, scales.sigma * scales.sigma);
    weight += p;
    moment += p * x;
  }
  return moment / weight;
}

}  // namespace

TEST_CASE("the mixture denoiser agrees with numerical integration", "[denoise]") {
  const Eigen::ArrayXd weights{{0.5, 0.2, 0.3}}, variances{{0.09, 0.04, 0.6}};
  const Eigen::MatrixXd means{{-1.5, 0.5, 2.0}};
  const azula::MixtureDenoiser denoiser(weights, means, variances, schedule);
  const auto density = [&](double x) {
    double sum = 0;
    for (Eigen::Index k = 0; k < 3; ++k) sum += weights(k) * normal(x, means(0, k), variances(k));
    return sum;
  };
  for (const double t : times) {
    for (const double x : {-3.0, -0.4, 0.0, 0.7, 2.5}) {
      CAPTURE(t, x);
      const double expected = quadrature(density, x, schedule(t));
      REQUIRE(std::fabs(mean_of(denoiser, ArrayXd::Constant(1, x), t)(0) - expected) < 1e-10);
    }
  }
}

TEST_CASE("mixture weights need not sum to one", "[denoise]") {
  const MatrixXd means = MatrixXd::Random(3, 2);
  const azula::MixtureDenoiser a(ArrayXd{{0.2, 0.8}}, means, ArrayXd{{0.1, 0.2}}, schedule);
  const azula::MixtureDenoiser b(ArrayXd{{1, 4}}, means, ArrayXd{{0.1, 0.2}}, schedule);
  const ArrayXXd x = ArrayXXd::Random(3, 5);
  REQUIRE(distance(mean_of(a, x, 0.5), mean_of(b, x, 0.5)) < 1e-15);
}

TEST_CASE("a mixture of one component is a Gaussian", "[denoise]") {
  const ArrayXd mean = ArrayXd::Random(4);
  const azula::MixtureDenoiser mixture(ArrayXd::Ones(1), mean.matrix(), ArrayXd::Constant(1, 0.3), schedule);
  const azula::GaussianDenoiser gaussian(mean, 0.3, schedule);
  const ArrayXXd x = ArrayXXd::Random(4, 6) * 3;
  for (const double t : times) REQUIRE(distance(mean_of(mixture, x, t), mean_of(gaussian, x, t)) < 1e-15);
}

TEST_CASE("mixture and empirical denoisers stay finite far from the data", "[denoise]") {
  const MatrixXd means = MatrixXd::Random(50, 4);
  const azula::MixtureDenoiser mixture(ArrayXd::Ones(4), means, ArrayXd::Constant(4, 0.01), schedule);
  const azula::EmpiricalDenoiser empirical(means, 0.1, schedule);
  for (const double scale : {0.0, 1.0, 1e3, 1e6}) {
    const ArrayXXd x = ArrayXXd::Random(50, 3) * scale;
    for (const double t : {0.0, 0.5, 1.0}) {
      CAPTURE(scale, t);
      REQUIRE(mean_of(mixture, x, t).allFinite());
      REQUIRE(mean_of(empirical, x, t).allFinite());
    }
  }
}

TEST_CASE("the empirical denoiser is the mixture of its data with equal weights", "[denoise]") {
  const MatrixXd data = MatrixXd::Random(5, 7) + MatrixXd::Constant(5, 7, 3);
  const ArrayXXd x = ArrayXXd::Random(5, 4) * 2 + 2;
  for (const double bandwidth : {0.05, 0.4}) {
    const azula::EmpiricalDenoiser empirical(data, bandwidth, schedule);
    const azula::EmpiricalDenoiser in_float(data.cast<float>().eval(), bandwidth, schedule);
    const azula::MixtureDenoiser mixture(ArrayXd::Constant(7, 1.0 / 7), data,
                                         ArrayXd::Constant(7, bandwidth * bandwidth), schedule);
    for (const double t : times) {
      CAPTURE(bandwidth, t);
      const ArrayXXd expected = mean_of(mixture, x, t);
      REQUIRE(distance(mean_of(empirical, x, t), expected) < 1e-11);
      if (t > 0.1) REQUIRE(distance(mean_in_float(in_float, x, t), expected) < 1e-4);
    }
  }
}

TEST_CASE("the empirical denoiser without bandwidth returns an average of its data", "[denoise]") {
  const MatrixXd data{{1, 2, 4}, {0, 0, 3}};
  const azula::EmpiricalDenoiser denoiser(data, 0, schedule);
  // Next to noise-free: the nearest point; at pure noise: nearly the average.
  const ArrayXd near = ArrayXd{{1.9, 0.1}} * schedule(0.001).alpha;
  REQUIRE(distance(mean_of(denoiser, near, 0.001), ArrayXd{{2, 0}}) < 1e-12);
  const azula::EmpiricalDenoiser noise(data, 0, azula::VPSchedule{.alpha_min = 1e-8});
  REQUIRE(distance(mean_of(noise, near, 1.0), ArrayXd{{7.0 / 3, 1}}) < 1e-6);
}

TEST_CASE("exact denoisers are finite where neither the data nor the noise have a width", "[denoise]") {
  const auto noiseless = [](double) { return azula::Scales{0.5, 0.0}; };
  const MatrixXd data{{1, 2, 4}, {0, 0, 3}};
  const ArrayXd x{{1, 1.5}};  // α times (2, 3)
  const ArrayXd mean{{2, 3}}, variances{{0, 4}};
  const MatrixXd singular{{0, 0}, {0, 4}};
  const azula::GaussianDenoiser diagonal(mean, variances, noiseless);
  REQUIRE(distance(mean_of(azula::EmpiricalDenoiser(data, 0, noiseless), x, 0), mean) == 0);
  REQUIRE(distance(mean_of(diagonal, x, 0), mean) == 0);
  REQUIRE(distance(mean_of(azula::GaussianDenoiser(mean, singular, noiseless), x, 0), mean) == 0);
  REQUIRE((diagonal.posterior(x, 0).variance == 0).all());
}

TEST_CASE("the Gaussian denoiser agrees with the formula and a direct inverse", "[denoise]") {
  const ArrayXXd x = ArrayXXd::Random(4, 3) * 2;
  const ArrayXd mean = ArrayXd::Random(4), variance = ArrayXd::Random(4).abs() + 0.1;
  const MatrixXd factor = MatrixXd::Random(4, 4);
  const MatrixXd sigma = factor * factor.transpose() + 0.1 * MatrixXd::Identity(4, 4);
  const MatrixXd thin = factor.leftCols(2) * factor.leftCols(2).transpose();  // of rank two
  const azula::GaussianDenoiser isotropic(mean, 0.7, schedule), diagonal(mean, variance, schedule);
  const azula::GaussianDenoiser full(mean, sigma, schedule), singular(mean, thin, schedule);
  const azula::GaussianDenoiser scalars(0.5, 2, schedule);
  for (const double t : times) {
    const auto [a, s] = schedule(t);
    const auto inverse = [&, a = a, s = s](const Eigen::Matrix4d& covariance) {
      const Eigen::Matrix4d total = a * a * covariance + s * s * Eigen::Matrix4d::Identity();
      const Eigen::Matrix4d gain = a * covariance * total.inverse();
      ArrayXXd result(4, 3);
      for (Eigen::Index j = 0; j < 3; ++j) {
        const Eigen::Vector4d centred = x.col(j) - a * mean;
        result.col(j) = mean + (gain * centred).array();
      }
      return result;
    };
    CAPTURE(t);
    REQUIRE(distance(mean_of(isotropic, x, t), inverse(0.7 * Eigen::Matrix4d::Identity())) < 1e-13);
    REQUIRE(distance(mean_of(diagonal, x, t), inverse(variance.matrix().asDiagonal().toDenseMatrix())) <
            1e-13);
    REQUIRE(distance(mean_of(full, x, t), inverse(sigma)) < 1e-12);
    REQUIRE(distance(mean_of(singular, x, t), inverse(thin)) < 1e-11);
    const double total = 2 * a * a + s * s;
    REQUIRE(distance(mean_of(scalars, x, t), (2 * a * x + 0.5 * s * s) / total) < 1e-15);
  }
}

TEST_CASE("mean and variance of a Gaussian may be those of the whole state", "[denoise]") {
  const ArrayXXd x = ArrayXXd::Random(3, 2), mean = ArrayXXd::Random(3, 2),
                 variance = ArrayXXd::Random(3, 2).abs();
  const azula::GaussianDenoiser whole(mean, variance, schedule);
  const ArrayXXd result = mean_of(whole, x, 0.4);
  for (Eigen::Index j = 0; j < 2; ++j) {
    const azula::GaussianDenoiser one(ArrayXd(mean.col(j)), ArrayXd(variance.col(j)), schedule);
    REQUIRE(distance(mean_of(one, x.col(j), 0.4), result.col(j)) == 0);
  }
}

TEST_CASE("a Gaussian in float is the one in double, rounded", "[denoise]") {
  const azula::GaussianDenoiser denoiser(1.5, 0.3, schedule);
  const ArrayXXd x = (ArrayXXd::Random(5, 3) * 1024).round() / 1024;
  for (const double t : times)
    REQUIRE(distance(mean_in_float(denoiser, x, t), mean_of(denoiser, x, t)) < 3e-7);
}

TEST_CASE("the exact denoisers obey Tweedie's formula", "[denoise]") {
  // E[X | x_t] = (x_t + σ² ∇ log p(x_t))/α, with the gradient by central differences.
  const ArrayXd mean = ArrayXd::Random(3), variance = ArrayXd::Random(3).abs() + 0.2, x = ArrayXd::Random(3);
  const azula::GaussianDenoiser denoiser(mean, variance, schedule);
  for (const double t : times) {
    const auto [a, s] = schedule(t);
    const ArrayXd score = -(x - a * mean) / (a * a * variance + s * s);
    REQUIRE(distance(mean_of(denoiser, x, t), (x + s * s * score) / a) < 1e-12 / a);
  }
}

TEST_CASE("a Gaussian posterior has the exact variance", "[denoise]") {
  const Eigen::ArrayXd variance{{0.3, 2.0}}, x{{0.4, -1.0}};
  const azula::GaussianDenoiser denoiser(0.0, variance, schedule);
  const auto [a, s] = schedule(0.5);
  const auto posterior = denoiser.posterior(x, 0.5);
  REQUIRE(distance(posterior.mean, mean_of(denoiser, x, 0.5)) == 0);
  REQUIRE(distance(posterior.variance, 1 / (1 / variance + a * a / (s * s))) < 1e-15);
}

TEST_CASE("log_prob of the posteriors is that of the closed form", "[denoise]") {
  const ArrayXXd mean = ArrayXXd::Random(3, 2), x = ArrayXXd::Random(3, 2);
  const azula::GaussianPosterior isotropic{mean, 0.5};
  const Eigen::ArrayXd variance{{0.5, 1.0, 2.0}};
  const azula::GaussianPosterior diagonal{mean, variance};
  for (Eigen::Index j = 0; j < 2; ++j) {
    double one = 0, many = 0;
    for (Eigen::Index i = 0; i < 3; ++i) {
      one += std::log(normal(x(i, j), mean(i, j), 0.5));
      many += std::log(normal(x(i, j), mean(i, j), variance(i)));
    }
    REQUIRE(std::fabs(isotropic.log_prob(x)(j) - one) < 1e-14);
    REQUIRE(std::fabs(diagonal.log_prob(x)(j) - many) < 1e-14);
  }
  const azula::GaussianPosterior wrong{mean, ArrayXd(ArrayXd::Ones(2))};
  REQUIRE_THAT(complaint<std::invalid_argument>([&] { wrong.log_prob(x); }),
               ContainsSubstring(
                   "azula::GaussianPosterior: the variance must be one number, have the shape of a sample (3) or of the "
                   "state (3 x 2), got 2 x 1"));

  const azula::GaussianPosterior none{mean, 0.0};
  REQUIRE(complaint<std::invalid_argument>([&] { none.log_prob(x); }) ==
          "azula::GaussianPosterior: the variance must be positive, got 0");
  const ArrayXXd many = ArrayXXd::Zero(3, 40);
  REQUIRE(complaint<std::invalid_argument>([&] { isotropic.log_prob(many); }) ==
          "azula::GaussianPosterior: x must have the shape of the mean, 3 x 2, got 3 x 40");
  REQUIRE(complaint<std::invalid_argument>([&] { azula::DiracPosterior{mean}.log_prob(many); }) ==
          "azula::DiracPosterior: x must have the shape of the mean, 3 x 2, got 3 x 40");

  ArrayXXd other = mean;
  other(2, 1) += 1e-9;
  const azula::DiracPosterior dirac{mean};
  const double infinity = std::numeric_limits<double>::infinity();
  REQUIRE(dirac.log_prob(mean)(1) == infinity);
  REQUIRE(dirac.log_prob(other)(0) == infinity);
  REQUIRE(dirac.log_prob(other)(1) == -infinity);
}

TEST_CASE("a function is a denoiser in every form in which it may be called", "[denoise]") {
  struct Posterior {
    ArrayXXd mean;
  };
  const ArrayXXd x = ArrayXXd::Random(4, 1), expected = 0.5 * x + 0.25;
  const auto returns = [](const ArrayXXd& x_t, double t) { return ArrayXXd(0.5 * x_t + t); };
  const auto writes = [](const ArrayXXd& x_t, double t, ArrayXXd& mean) { mean = 0.5 * x_t + t; };
  const auto generic = [](const auto& x_t, double t, auto& mean) { mean = 0.5 * x_t + t; };
  const auto posterior = [](const ArrayXXd& x_t, double t) { return Posterior{0.5 * x_t + t}; };
  ArrayXXd (*pointer)(const ArrayXXd&, double) = returns;
  REQUIRE(distance(azula::FunctionDenoiser(returns, schedule)(x, 0.25), expected) == 0);
  REQUIRE(distance(azula::FunctionDenoiser(pointer, schedule)(x, 0.25), expected) == 0);
  REQUIRE(distance(azula::FunctionDenoiser(std::ref(returns), schedule)(x, 0.25), expected) == 0);
  REQUIRE(distance(azula::FunctionDenoiser(posterior, schedule)(x, 0.25).mean, expected) == 0);
  REQUIRE(distance(mean_of(azula::FunctionDenoiser(writes, schedule), x, 0.25), expected) == 0);
  REQUIRE(distance(mean_of(azula::FunctionDenoiser(generic, schedule), x, 0.25), expected) == 0);
  REQUIRE(distance(mean_of(azula::FunctionDenoiser(std::ref(writes), schedule), x, 0.25), expected) == 0);
  REQUIRE(azula::FunctionDenoiser(returns, schedule).schedule()(0).sigma == 0.01);
}

TEST_CASE("a network under Karras' parametrisation is given scaled input and log σ/α", "[denoise]") {
  const ArrayXXd x = ArrayXXd::Random(3, 2);
  const auto [a, s] = schedule(0.4);
  const double total = a * a + s * s;
  ArrayXXd seen;
  double c = 0;
  const auto writes = [&](const ArrayXXd& input, double c_time, ArrayXXd& output) {
    seen = input;
    c = c_time;
    output = 3 * input;
  };
  const azula::KarrasDenoiser denoiser(writes, schedule);
  const ArrayXXd mean = mean_of(denoiser, x, 0.4);
  REQUIRE(distance(seen, x / std::sqrt(total)) < 1e-15);
  REQUIRE(std::fabs(c - std::log(s / a)) < 1e-15);
  REQUIRE(distance(mean, a / total * x + s / std::sqrt(total) * 3 * x / std::sqrt(total)) < 1e-15);

  const auto returns = [](const ArrayXXd& input, double) { return ArrayXXd(3 * input); };
  REQUIRE(distance(mean_of(azula::KarrasDenoiser(returns, schedule), x, 0.4), mean) == 0);
  REQUIRE(distance(mean_of(azula::KarrasDenoiser(std::ref(returns), schedule), x, 0.4), mean) == 0);
  ArrayXXd with_memory(3, 2);
  azula::NetworkWorkspace<ArrayXXd> work(x);
  denoiser(x, 0.4, with_memory, work);
  REQUIRE(distance(with_memory, mean) == 0);
}

TEST_CASE("Karras' parametrisation of no network is exact for standard normal data", "[denoise]") {
  const auto none = [](const ArrayXXd& input, double, ArrayXXd& output) {
    output.setZero(input.rows(), input.cols());
  };
  const azula::KarrasDenoiser karras(none, schedule);
  const azula::GaussianDenoiser gaussian(0.0, 1.0, schedule);
  const ArrayXXd x = ArrayXXd::Random(5, 1);
  for (const double t : times) {
    REQUIRE(distance(mean_of(karras, x, t), mean_of(gaussian, x, t)) < 1e-15);
    REQUIRE(distance(karras.posterior(x, t).mean, mean_of(karras, x, t)) == 0);
  }
}

TEST_CASE("a simple network is given the scaled input and log σ/α, and predicts the mean", "[denoise]") {
  const auto network = [](const ArrayXXd& input, double c) { return ArrayXXd(0.5 * input + 0.1 * c); };
  const azula::SimpleDenoiser denoiser(network, azula::VPSchedule{});
  const ArrayXXd x{{-1.0, 0.5, 2.0}};
  // What the Python package gives.
  const ArrayXXd expected{{-0.32891250, 0.42108713, 1.17108675}};
  REQUIRE(distance(mean_of(denoiser, x, 0.5), expected) < 5e-9);
  REQUIRE(distance(denoiser.posterior(x, 0.5).mean, mean_of(denoiser, x, 0.5)) == 0);
  // In the variance exploding form it is the same denoiser, of x/α.
  const auto exploding = azula::SimpleDenoiser(network, azula::ExplodingSchedule(azula::VPSchedule{}));
  const double alpha = azula::VPSchedule{}(0.5).alpha;
  REQUIRE(distance(mean_of(exploding, x / alpha, 0.5), mean_of(denoiser, x, 0.5)) < 1e-15);
  // The state and the time as they are.
  const azula::NetworkDenoiser plain(network, schedule, azula::DataPrediction{});
  REQUIRE(distance(mean_of(plain, x, 0.4), 0.5 * x + 0.04) < 1e-15);
}

TEST_CASE("what does not fit a denoiser is an error that names it", "[denoise]") {
  const auto what = [](auto&& call) { return complaint<std::invalid_argument>(call); };
  const ArrayXXd x = ArrayXXd::Random(3, 2);
  const ArrayXd two = ArrayXd::Ones(2), three = ArrayXd::Ones(3);
  const MatrixXd means = MatrixXd::Random(4, 2);

  CHECK(what([&] { azula::GaussianDenoiser(0.0, -1.0, schedule); }) ==
        "azula::GaussianDenoiser: variances must be finite and not negative, got -1");
  CHECK_THAT(what([&] { azula::GaussianDenoiser(0.0, not_a_number, schedule); }),
             ContainsSubstring("got nan"));
  CHECK(what([&] { azula::GaussianDenoiser(two, three, schedule); }) ==
        "azula::GaussianDenoiser: mean and variance must be of one size, 2, got 3");
  CHECK(what([&] { mean_of(azula::GaussianDenoiser(two, two, schedule), x, 0.5); }) ==
        "azula::GaussianDenoiser: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 2 x 1");
  CHECK_THAT(what([&] { azula::GaussianDenoiser(0.0, means, schedule); }),
             ContainsSubstring(
                 "azula::GaussianDenoiser: a covariance matrix must be square and not empty, got 4 x 2"));
  CHECK_THAT(what([&] {
               azula::GaussianDenoiser(0.0, MatrixXd{{1, 0.5}, {0, 1}}, schedule);
             }),
             ContainsSubstring("a covariance matrix must be symmetric, largest difference, got 0.5"));
  CHECK_THAT(what([&] {
               azula::GaussianDenoiser(0.0, MatrixXd{{1, 2}, {2, 1}}, schedule);
             }),
             ContainsSubstring("variances must be finite and not negative, got -1"));

  CHECK(what([&] { azula::GaussianDenoiser(ArrayXd(), 1.0, schedule); }) ==
        "azula::GaussianDenoiser: the mean must not be empty, got 0 x 1");
  CHECK(what([&] { azula::GaussianDenoiser(0.0, ArrayXXd(3, 0), schedule); }) ==
        "azula::GaussianDenoiser: the variance must not be empty, got 3 x 0");
  // Of the shape of the transposed state.
  const ArrayXXd across = ArrayXXd::Ones(2, 3);
  CHECK(what([&] { mean_of(azula::GaussianDenoiser(across, 1.0, schedule), x, 0.5); }) ==
        "azula::GaussianDenoiser: the mean must be one number, have the shape of a sample (3) or of the state (3 x 2), got 2 x 3");
  CHECK(what([&] { mean_of(azula::GaussianDenoiser(0.0, across, schedule), x, 0.5); }) ==
        "azula::GaussianDenoiser: the variance must be one number, have the shape of a sample (3) or of the state (3 x 2), got 2 x 3");
  // Five samples of one value are not one of five.
  const azula::GaussianDenoiser five(0.0, MatrixXd(MatrixXd::Identity(5, 5)), schedule);
  CHECK(what([&] { mean_of(five, ArrayXXd::Ones(1, 5), 0.5); }) ==
        "azula::GaussianDenoiser: a sample must have the 5 values of the covariance, got 1");

  CHECK_THAT(
      what([&] { azula::MixtureDenoiser(three, means, two, schedule); }),
      ContainsSubstring("azula::MixtureDenoiser: weights must have one value per column of means, 2, got 3"));
  CHECK_THAT(what([&] { azula::MixtureDenoiser(two, means, three, schedule); }),
             ContainsSubstring("variances must have one value per column of means, 2, got 3"));
  CHECK(what([&] { azula::MixtureDenoiser(two, MatrixXd(means * not_a_number), two, schedule); }) ==
        "azula::MixtureDenoiser: means must be finite, got nan");
  CHECK_THAT(what([&] { azula::MixtureDenoiser(-two, means, two, schedule); }),
             ContainsSubstring("weights must be positive, got -1"));
  CHECK_THAT(what([&] { azula::MixtureDenoiser(two, means, 0 * two, schedule); }),
             ContainsSubstring("variances must be positive, got 0"));
  CHECK_THAT(what([&] { azula::MixtureDenoiser(ArrayXd(), MatrixXd(4, 0), ArrayXd(), schedule); }),
             ContainsSubstring("means must have at least one column, got 0"));
  CHECK(what([&] { mean_of(azula::MixtureDenoiser(two, means, two, schedule), x, 0.5); }) ==
        "azula::MixtureDenoiser: a sample must have 4 values, got 3");

  CHECK_THAT(what([&] { azula::EmpiricalDenoiser(MatrixXd(4, 0), 0.1, schedule); }),
             ContainsSubstring("azula::EmpiricalDenoiser: data must not be empty"));
  CHECK_THAT(what([&] { azula::EmpiricalDenoiser(means, -0.1, schedule); }),
             ContainsSubstring("bandwidth must be finite and at least 0, got -0.1"));
  CHECK_THAT(what([&] { azula::EmpiricalDenoiser(MatrixXd(means * not_a_number), 0.1, schedule); }),
             ContainsSubstring("data must be finite"));
  CHECK(what([&] { mean_of(azula::EmpiricalDenoiser(means, 0.1, schedule), x, 0.5); }) ==
        "azula::EmpiricalDenoiser: a sample must have 4 values, got 3");

  const auto crop = [](const ArrayXXd& input, double) { return ArrayXXd(input.topRows(1)); };
  CHECK(what([&] { mean_of(azula::KarrasDenoiser(crop, schedule), x, 0.5); }) ==
        "azula::KarrasDenoiser: the network's output must have the shape of its input, 3 x 2, got 1 x 2");
  const auto same = [](const auto& input, double, auto& output) { output = input; };
  const azula::KarrasDenoiser at_the_ends(same, azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0});
  CHECK(what([&] { mean_of(at_the_ends, x, 1); }) ==
        "azula::KarrasDenoiser: alpha must be positive, as the network is told log sigma/alpha, got 0");
  CHECK(what([&] { mean_of(at_the_ends, x, 0); }) ==
        "azula::KarrasDenoiser: sigma must be positive, as the network is told log sigma/alpha, got 0");
  CHECK(what([&] { mean_of(azula::SimpleDenoiser(same, azula::RectifiedSchedule{.sigma_min = 0}), x, 0); }) ==
        "azula::SimpleDenoiser: sigma must be positive, as the network is told log sigma/alpha, got 0");
  CHECK(what([&] { mean_of(azula::SimpleDenoiser(crop, schedule), x, 0.5); }) ==
        "azula::SimpleDenoiser: the network's output must have the shape of its input, 3 x 2, got 1 x 2");
}
