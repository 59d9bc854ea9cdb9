// expect: azula::parallel: the values of this random source depend on the order in which they are drawn
#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>

#include <random>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  std::mt19937_64 engine(1);
  azula::parallel(sampler, Eigen::ArrayXXd(3, 4), engine, 2);
}
