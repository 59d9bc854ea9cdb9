// expect: azula: the network's call operator must be const: write operator()(input, c, output) const
#include <azula/azula.hpp>

int main() {
  const auto network = [calls = 0](const auto& input, double, auto& output) mutable { output = input, ++calls; };
  azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2));
}
