// expect: a method by its name is azula::AnyMethod(
#include <azula/azula.hpp>

int main() { azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), "DDIM", {.steps = 4}); }
