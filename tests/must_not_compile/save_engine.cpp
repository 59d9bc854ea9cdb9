// expect: azula::save: this source of noise cannot be saved
#include <azula/azula.hpp>
#include <azula/sample/saved_run.hpp>

#include <random>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  auto run = sampler.start(Eigen::ArrayXXd(3, 4));
  std::mt19937_64 engine(1);
  azula::save(run, engine);
}
