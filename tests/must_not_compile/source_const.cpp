// expect: azula: the random source is const, and to draw from it changes it
#include <azula/azula.hpp>

#include <random>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  const std::mt19937 engine(1);
  const Eigen::ArrayXXf x0 = sampler(Eigen::ArrayXXf(3, 2), engine);
}
