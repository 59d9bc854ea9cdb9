// expect: azula::parallel: the number of samples is part of this state's type
#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  azula::parallel(sampler, Eigen::Array<double, 3, 4>(), 2);
}
