// expect: azula: the first argument is not a state, which is an Eigen array, matrix, Map or tensor
#include <azula/azula.hpp>

#include <vector>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  azula::NormalSource random(1);
  const std::vector<float> x0 = sampler(std::vector<float>(6), random);
}
