// Inpainting: the first half of a signal is known, and the second half is drawn so that it fits.
#include <azula/azula.hpp>
#include <azula/guide.hpp>

#include <Eigen/LU>

#include <cmath>
#include <cstdio>

int main() {
  // Signals of 8 values whose neighbours are alike: covariance 0.9^|i - j|.
  Eigen::MatrixXd covariance(8, 8);
  for (int i = 0; i < 8; ++i) {
    for (int j = 0; j < 8; ++j) covariance(i, j) = std::pow(0.9, std::abs(i - j));
  }
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(Eigen::ArrayXd::Zero(8).eval(), covariance, schedule);
  const Eigen::Vector4f known(0.5F, 1, 1.5F, 2);

  // The denoiser of the data given what is known of them. It needs products with the Jacobian; SymmetricVJP makes them
  // from two evaluations, a network of yours may have its own.
  const azula::SymmetricVJP prior(denoiser);
  const azula::MMPSDenoiser posterior(prior, azula::SelectionOperator({0, 1, 2, 3}), known,
                                      azula::MMPSOptions{.noise = 0.01, .iterations = 4});
  const azula::Sampler sampler(posterior, azula::DDIM{}, {.start = 0.99, .stop = 0.01, .steps = 100});
  Eigen::ArrayXXf x(8, 2000);
  azula::NormalSource random(1);
  sampler.init(x, random);
  x = sampler(x);

  const Eigen::VectorXd exact =
      covariance.bottomLeftCorner(4, 4) * covariance.topLeftCorner(4, 4).lu().solve(known.cast<double>());
  const Eigen::VectorXf mean = x.rowwise().mean();
  for (int i = 0; i < 4; ++i) std::printf("value %d: %.1f, exactly %.1f\n", i + 4, mean(i + 4), exact(i));

  // The simple way: what is known replaces the mean. The other values see it through the network only.
  Eigen::ArrayXf mask = Eigen::ArrayXf::Zero(8), values = mask;
  mask.head(4) = 1;
  values.head(4) = known.array();
  const azula::Sampler simple(azula::MaskedDenoiser(denoiser, mask, values), azula::DDIM{}, {.steps = 100});
  simple.init(x, random);
  x = simple(x);
  std::printf("farthest from the known values: %.2f\n", (x.topRows(4).colwise() - known.array()).abs().maxCoeff());
  return (mean.tail(4).cast<double>() - exact).cwiseAbs().maxCoeff() < 0.05 ? 0 : 1;
}
