// expect: azula: the guidance scale must be a number
#include <azula/azula.hpp>

int main() {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{});
  azula::GuidedDenoiser guided(denoiser, denoiser, "7.5");
}
