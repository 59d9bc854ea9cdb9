// expect: azula::step_log_density: this run advances a Map, whose memory its copies share
#include <azula/azula.hpp>
#include <azula/sample/step_log_density.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDPM{}, {.steps = 4});
  Eigen::ArrayXXd x(3, 4);
  auto run = sampler.start(Eigen::Map<Eigen::ArrayXXd>(x.data(), 3, 4));
  const auto before = run;
  azula::NormalSource random(1);
  run.advance(random);
  azula::step_log_density(before, run.state());
}
