// expect: azula: a denoiser is needed here, and this has no schedule() const
#include <azula/azula.hpp>

int main() {
  const auto network = [](const auto& input, double, auto& output) { output = input; };
  azula::GuidedDenoiser denoiser(network, network, 7.5);
}
