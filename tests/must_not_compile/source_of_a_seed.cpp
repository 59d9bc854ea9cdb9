// expect: is neither a random source, such as azula::NormalSource random(42), nor an observer
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  const auto [state, steps, evaluations, finished] = sampler.run(Eigen::ArrayXXf(3, 2), 42);
}
