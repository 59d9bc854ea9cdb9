// expect: azula: the denoiser asks where the step leads, and is given a time alone here
#include <azula/azula.hpp>

int main() {
  const auto network = [](const Eigen::ArrayXd& x, double, double) { return x; };
  azula::FlowMapDenoiser denoiser(network, azula::RectifiedSchedule{});
  azula::AdaptiveSampler(denoiser, {.start = 0.9, .stop = 0.1})(Eigen::ArrayXd(3));
}
