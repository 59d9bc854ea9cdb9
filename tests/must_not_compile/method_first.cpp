// expect: azula::Sampler: the denoiser comes before the method: Sampler(denoiser, method)
#include <azula/azula.hpp>

int main() {
  azula::Sampler sampler(azula::DDIM{}, azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), {.steps = 4});
}
