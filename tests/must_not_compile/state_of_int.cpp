// expect: azula: the values of a state must be floating-point numbers
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  sampler(Eigen::ArrayXXi(3, 2));
}
