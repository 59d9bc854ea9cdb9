// The posterior samplers against closed forms: data X ~ N(mean, Σ), measurements y = A X + noise, all
// Gaussian.

#include <Eigen/Core>
#include <Eigen/LU>

#include <cmath>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/denoise/mixture_denoiser.hpp"
#include "azula/guide/dps_denoiser.hpp"
#include "azula/guide/mmps_denoiser.hpp"
#include "azula/guide/pigdm_denoiser.hpp"
#include "azula/guide/symmetric_vjp.hpp"
#include "azula/method.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/ve_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/replay_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"

using azula::DPSDenoiser;
using azula::MatrixOperator;
using azula::MMPSDenoiser;
using azula::PiGDMDenoiser;
using azula::SelectionOperator;
using azula::SymmetricVJP;
using azula::WithVJP;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr Eigen::Index size = 5;
using Batch = Eigen::ArrayXXd;
using Matrix = Eigen::MatrixXd;

/// The product of all, each pair by the same function: Eigen would compile another for every expression.
Matrix product(const Matrix& a, const Matrix& b) { return a * b; }
template <class... More>
Matrix product(const Matrix& a, const Matrix& b, const More&... more) {
  return product(product(a, b), more...);
}
Matrix inverse(const Matrix& a) { return a.inverse(); }
Matrix transposed(const Matrix& a) { return a.transpose(); }

const Matrix root{{1, 0, 0, 0, 0},
                           {0.5, 0.8, 0, 0, 0},
                           {-0.3, 0.2, 0.6, 0, 0},
                           {0.1, 0.9, -0.4, 0.5, 0},
                           {0, 0.3, 0.2, -0.6, 0.9}};
const Matrix covariance = product(root, transposed(root));
const Eigen::VectorXd centre{{0.3, -1, 0.5, 2, 0}};
const Matrix measure{{1, 0, 0, 0, 0}, {0, 0.5, 0.5, 0, 0}, {0, 0, 0, 1, -1}};

/// The exact denoiser of N(centre, sigma) with its Jacobian, α Σ (α² Σ + σ²)⁻¹.
auto gaussian(const AnySchedule& schedule, const Matrix& sigma) {
  return WithVJP(azula::GaussianDenoiser(centre, sigma, schedule),
                 [schedule, sigma](const Batch&, double t, const Batch& v, Batch& out) {
                   const auto [a, s] = schedule(t);
                   const Matrix total =
                       a * a * sigma + s * s * Matrix::Identity(size, size);
                   out = a * product(inverse(total), sigma, v.matrix());
                 });
}

/// E[X | x_t, y]: both are linear measurements of X.
Eigen::VectorXd exact(const Matrix& sigma, const azula::Scales& at, const Eigen::VectorXd& x_t,
                      const Eigen::VectorXd& y, double noise) {
  Matrix all(size + 3, size);
  all << at.alpha * Matrix::Identity(size, size), measure;
  Eigen::VectorXd variance(size + 3), seen(size + 3);
  variance << Eigen::VectorXd::Constant(size, at.sigma * at.sigma),
      Eigen::VectorXd::Constant(3, noise * noise);
  seen << x_t, y;
  const Matrix total = product(all, sigma, transposed(all)) + Matrix(variance.asDiagonal());
  return centre + product(sigma, transposed(all), inverse(total), seen - product(all, centre));
}

}  // namespace

TEST_CASE("moment matching is exact for Gaussian data, at every noise level", "[guide]") {
  const Batch x = Batch::Random(size, 4) * 2, y = Batch::Random(3, 4);
  const auto check = [&](const AnySchedule& schedule) {
    for (const double noise : {0.05, 0.5}) {
      const MMPSDenoiser posterior(gaussian(schedule, covariance), MatrixOperator(measure), y,
                                   {.noise = noise, .iterations = 3});
      for (const double t : {0.05, 0.4, 0.95}) {
        CAPTURE(noise, t);
        Batch mean(size, 4);
        posterior(x, t, mean);
        const auto at = schedule(t);
        for (Eigen::Index j = 0; j < 4; ++j) {
          const Eigen::VectorXd expected = exact(covariance, {at.alpha, at.sigma}, x.col(j), y.col(j), noise);
          REQUIRE((mean.col(j).matrix() - expected).norm() < 1e-6);
        }
      }
    }
  };
  check({azula::VPSchedule{.alpha_min = 0.01, .sigma_min = 0}});
  check({azula::VESchedule{.sigma_min = 0.01, .sigma_max = 20}});
  check({azula::RectifiedSchedule{}});
}

TEST_CASE("pseudoinverse guidance is exact for Gaussian data of unit variance", "[guide]") {
  const AnySchedule schedule{azula::VPSchedule{}};
  const Matrix unit = Matrix::Identity(size, size);
  const Batch x = Batch::Random(size, 4) * 2;
  const Eigen::ArrayXd y = Eigen::ArrayXd::Random(3);  // one for all
  const PiGDMDenoiser posterior(gaussian(schedule, unit), MatrixOperator(measure), y, {.noise = 0.3});
  for (const double t : {0.1, 0.5, 0.9}) {
    Batch mean(size, 4);
    posterior(x, t, mean);
    for (Eigen::Index j = 0; j < 4; ++j) {
      REQUIRE((mean.col(j).matrix() - exact(unit, schedule(t), x.col(j), y.matrix(), 0.3)).norm() < 1e-6);
    }
  }
}

TEST_CASE("the flow of moment matching carries the noise to the posterior's mean and covariance", "[guide]") {
  const AnySchedule schedule{azula::VPSchedule{.alpha_min = 1e-3, .sigma_min = 0}};
  const Eigen::ArrayXd y = Eigen::Array3d(1, 0.5, 2);
  const double noise = 0.4;
  const MMPSDenoiser posterior(gaussian(schedule, covariance), MatrixOperator(measure), y,
                               {.noise = noise, .iterations = 3});
  const azula::Sampler sampler(posterior, azula::xEAB<3>{.lower_order_final = true},
                               {.steps = 200, .silent = true});
  // All is affine in x_T, so the origin and the axes tell the map of every distribution.
  Batch x = Batch::Zero(size, size + 1);
  x.rightCols(size).matrix().setIdentity();
  const Batch end = sampler(x);
  const Eigen::VectorXd origin = end.col(0);
  const Matrix map = end.rightCols(size).matrix().colwise() - origin;

  const Matrix gain =
      product(covariance, transposed(measure),
              inverse(product(measure, covariance, transposed(measure)) + noise * noise * Matrix::Identity(3, 3)));
  const Eigen::VectorXd mean = centre + product(gain, y.matrix() - product(measure, centre));
  const Matrix spread = covariance - product(gain, measure, covariance);
  const auto [alpha, sigma] = schedule(1);
  const Matrix first =
      alpha * alpha * spread + sigma * sigma * Matrix::Identity(size, size);
  REQUIRE((origin + product(map, alpha * mean) - mean).norm() < 1e-3);
  REQUIRE((product(map, first, transposed(map)) - spread).norm() < 1e-3);
}

TEST_CASE("diffusion posterior sampling moves the state down the gradient of the misfit", "[guide]") {
  const AnySchedule schedule{azula::VPSchedule{}};
  const auto prior = gaussian(schedule, covariance);
  const Batch x = Batch::Random(size, 4) * 2, y = Batch::Random(3, 4);
  const std::vector times{0.7, 0.6};
  const auto move = [&](const auto& method, double zeta) {
    const azula::Sampler plain(prior, method, times);
    const DPSDenoiser posterior(prior, MatrixOperator(measure), y, plain.stages(), zeta);
    const Matrix noise = Matrix::Constant(size * 4, 1, 0.3);
    azula::ReplaySource<> one(noise), two(noise);
    return Batch(azula::Sampler(posterior, method, times)(x, one) - plain(x, two));
  };
  // ∇ |y - A m(x)| by central differences.
  const auto misfit = [&](const Batch& at, Eigen::Index j) {
    Batch mean(size, 4);
    prior(at, 0.7, mean);
    return (y.col(j).matrix() - product(measure, mean.col(j).matrix())).norm();
  };
  Batch gradient(size, 4);
  for (Eigen::Index j = 0; j < 4; ++j) {
    for (Eigen::Index i = 0; i < size; ++i) {
      Batch above = x, below = x;
      above(i, j) += 1e-5;
      below(i, j) -= 1e-5;
      gradient(i, j) = (misfit(above, j) - misfit(below, j)) / 2e-5;
    }
  }
  REQUIRE((move(azula::DDPM{}, 0.7) + 0.7 * gradient).abs().maxCoeff() < 1e-8);
  REQUIRE((move(azula::Euler{}, 0.2) + 0.2 * gradient).abs().maxCoeff() < 1e-8);
}

TEST_CASE("the Jacobian of an exact denoiser is symmetric, and products with it need only evaluations",
          "[guide]") {
  const AnySchedule schedule{azula::VPSchedule{}};
  const azula::MixtureDenoiser mixture(Eigen::Array2d(0.3, 0.7), Matrix{{1, -1}, {0, 2}, {0.5, 0}},
                                       Eigen::Array2d(0.1, 0.4), schedule);
  const SymmetricVJP denoiser(mixture, 1e-4);
  const Batch x = Batch::Random(3, 4), v = Batch::Random(3, 4);
  Batch product(3, 4);
  denoiser.vjp(x, 0.5, v, product);
  for (Eigen::Index j = 0; j < 4; ++j) {
    for (Eigen::Index i = 0; i < 3; ++i) {  // Jᵀ v by differences along each axis
      Batch above = x, below = x, high(3, 4), low(3, 4);
      above(i, j) += 1e-5;
      below(i, j) -= 1e-5;
      mixture(above, 0.5, high);
      mixture(below, 0.5, low);
      REQUIRE(product(i, j) == Approx((v.col(j) * (high - low).col(j)).sum() / 2e-5).margin(1e-6));
    }
  }
  Batch zero(3, 4);
  denoiser.vjp(x, 0.5, Batch::Zero(3, 4), zero);
  REQUIRE((zero == 0).all());
}

TEST_CASE("posteriors that cannot be are errors that say why", "[guide]") {
  const AnySchedule schedule{azula::RectifiedSchedule{.alpha_min = 0, .sigma_min = 0}};
  const auto prior = gaussian(schedule, covariance);
  const Eigen::ArrayXd y = Eigen::ArrayXd::Zero(3);
  const MatrixOperator a(measure);
  REQUIRE_THAT(complaint([&] { MMPSDenoiser(prior, a, Eigen::Array2d(0, 0)); }),
               ContainsSubstring("azula::MMPSDenoiser: the measurement must have 3 rows"));
  REQUIRE_THAT(complaint([&] { MMPSDenoiser(prior, a, y, {.noise = 0}); }),
               ContainsSubstring("noise must be finite and positive, got 0"));
  REQUIRE_THAT(complaint([&] { MMPSDenoiser(prior, a, y, {.iterations = 0}); }),
               ContainsSubstring("iterations must be in [1, 1000], got 0"));
  REQUIRE_THAT(complaint([&] { PiGDMDenoiser(prior, a, y, {.noise = -1}); }),
               ContainsSubstring("azula::PiGDMDenoiser: noise"));
  Batch x = Batch::Zero(size, 2), mean = x;
  REQUIRE_THAT(complaint([&] { MMPSDenoiser(prior, a, y)(x, 1.0, mean); }),
               ContainsSubstring("alpha must be positive"));
  REQUIRE_THAT(complaint([&] { PiGDMDenoiser(prior, a, y)(x, 1.0, mean); }),
               ContainsSubstring("alpha must be positive"));
  const auto heun = azula::Sampler(prior, azula::Heun{}, {.start = 0.9, .steps = 3}).stages();
  REQUIRE_THAT(complaint([&] { DPSDenoiser(prior, a, y, heun); }),
               ContainsSubstring("azula::DPSDenoiser: the method must make one evaluation"));
  REQUIRE_THAT(complaint([&] { DPSDenoiser(prior, a, y, {}, -1); }),
               ContainsSubstring("zeta must be finite and at least 0, got -1"));
  REQUIRE_THAT(complaint([&] { SymmetricVJP(prior, 0); }),
               ContainsSubstring("step must be in [1e-08, 1], got 0"));
}
