// expect: azula::Pool: this denoiser would never see the conditions
#include <azula/azula.hpp>
#include <azula/sample/pool.hpp>

int main() {
  const auto network = [](const auto& input, const Eigen::ArrayXd&, auto& output) { output = input; };
  azula::Pool<Eigen::ArrayXXf, int> pool(azula::KarrasDenoiser(network, azula::VPSchedule{}));
}
