// expect: azula: a network is needed here, and this is a denoiser already, as it has schedule()
#include <azula/azula.hpp>

int main() {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{});
  azula::NetworkDenoiser twice(denoiser, azula::VPSchedule{}, azula::NoisePrediction{});
}
