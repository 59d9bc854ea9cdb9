// expect: for a state of type X it needs operator()(const X& input, double c, X& output) const that writes
#include <azula/azula.hpp>

int main() {
  const auto network = [](const Eigen::VectorXd& input, double, Eigen::VectorXd& output) { output = input; };
  azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::VectorXf(3));
}
