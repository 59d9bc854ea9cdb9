// expect: azula: a strided Eigen::Map cannot be advanced in place
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, {.steps = 4});
  Eigen::ArrayXXd x(4, 3);
  sampler(Eigen::Map<Eigen::ArrayXXd, 0, Eigen::OuterStride<>>(x.data(), 2, 3, Eigen::OuterStride<>(4)));
}
