// expect: azula::Sampler: the random source comes before the observer: sampler(x, random, observer)
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  azula::NormalSource random(1);
  sampler(Eigen::ArrayXXf(3, 2), [](const azula::StepInfo&, const Eigen::ArrayXXf&) {}, random);
}
