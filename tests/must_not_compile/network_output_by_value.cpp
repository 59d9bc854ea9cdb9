// expect: azula: the network takes its output by value, so that what it writes is lost
#include <azula/azula.hpp>

int main() {
  const auto network = [](const Eigen::ArrayXXf& input, double, Eigen::ArrayXXf output) { output = input; };
  azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2));
}
