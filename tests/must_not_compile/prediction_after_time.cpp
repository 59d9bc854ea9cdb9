// expect: azula::NetworkDenoiser: the third argument must be what the network predicts, such as NoisePrediction{}
#include <azula/azula.hpp>

int main() {
  const auto network = [](const auto& input, double, auto& output) { output = input; };
  azula::DiscreteSchedule schedule(azula::scaled_linear_betas());
  azula::NetworkDenoiser denoiser(network, schedule, azula::TrainingStep{}, azula::NoisePrediction{});
}
