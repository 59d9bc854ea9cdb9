// Image to image: adds noise to a given image, as much as the strength says, and removes it by a run.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
  // Images of 64 pixels from N(2, 1/4).
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const Eigen::ArrayXXf image = Eigen::ArrayXXf::Constant(64, 500, 2.5F);  // one standard deviation above the mean

  double before = 0;
  bool farther = true;
  for (const double strength : {0.2, 0.5, 0.8, 1.0}) {
    // The times begin at the strength: 0.2 is little noise and few steps, 1 is all of them.
    const azula::Sampler sampler(denoiser, azula::DPMSolver2S{}, {.start = strength, .steps = std::lround(40 * strength)});
    Eigen::ArrayXXf x(64, 500);
    azula::NormalSource random(3);
    sampler.init(x, random, /*mean=*/image, /*variance=*/0.0);  // x ~ N(α image, σ²)
    x = sampler(x);
    const double distance = std::sqrt(double((x - image).square().mean()));
    farther = farther && distance > before;
    before = distance;
    std::printf("strength %.1f: %2td steps, distance %.2f\n", strength, sampler.steps(), distance);
  }
  // On a model's own times: the last 12 of 20 steps are a strength of 0.6.
  const azula::DiscreteSchedule trained(azula::scaled_linear_betas());
  const std::vector<double> all = azula::trailing_times(trained, {.steps = 20});
  const std::vector<double> times(all.end() - 13, all.end());
  const azula::Sampler part(azula::GaussianDenoiser(2.0, 0.25, trained), azula::xEAB<2>{.lower_order_final = true}, times);
  std::printf("from t = %.1f in %td steps\n", part.timesteps()(0), part.steps());
  // With strength 1 the image is forgotten: x ~ N(2, 1/4), and the distance √(1/4 + (2.5 - 2)²).
  return farther && part.steps() == 12 && std::abs(before - std::sqrt(0.5)) < 0.02 ? 0 : 1;
}
