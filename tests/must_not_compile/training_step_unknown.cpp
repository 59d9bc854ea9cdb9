// expect: azula::NetworkDenoiser: the fourth argument gives no time of the network on this schedule
#include <azula/azula.hpp>

int main() {
  const auto network = [](const auto& input, double, auto& output) { output = input; };
  azula::NetworkDenoiser denoiser(network, azula::VPSchedule{}, azula::NoisePrediction{}, azula::TrainingStep{});
}
