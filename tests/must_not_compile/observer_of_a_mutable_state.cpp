// expect: azula: an observer gets the state as const and cannot change it
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  sampler(Eigen::ArrayXXf(3, 2), [](const azula::StepInfo&, Eigen::ArrayXXf& x) { x *= 2; });
}
