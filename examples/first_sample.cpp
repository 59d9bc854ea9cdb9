#include <azula/azula.hpp>

#include <cstdio>

int main() {
  // Data from N(2, 1/4), for which E[X | x_t] has a closed form; a network would take its place.
  azula::VPSchedule schedule;
  azula::GaussianDenoiser denoiser(/*mean=*/2.0, /*variance=*/0.25, schedule);

  azula::Sampler sampler(denoiser, azula::zAB<3>{}, {.steps = 32});
  azula::NormalSource random(/*seed=*/42);

  Eigen::ArrayXXf x(784, 64);              // one sample per column
  sampler.init(x, random);                 // noise
  const Eigen::ArrayXXf x0 = sampler(x);   // data

  const float mean = x0.mean();
  std::printf("%td steps, mean %.3f, variance %.3f\n", sampler.steps(), mean, (x0 - mean).square().mean());
}
