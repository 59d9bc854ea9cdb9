// expect: with the state's type of number
#include <azula/azula.hpp>

int main() {
  const auto network = [](const Eigen::ArrayXXf& input, double) -> Eigen::ArrayXXd { return input.cast<double>(); };
  azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2));
}
