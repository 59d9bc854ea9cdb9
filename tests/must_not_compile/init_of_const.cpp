// expect: azula::Sampler: init() writes the noise into its first argument, and this one is const
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  azula::NormalSource random(1);
  const Eigen::ArrayXXf x(3, 2);
  sampler.init(x, random);
}
