// expect: azula::Sampler: after the method come options, such as {.steps = 32}, or a range of times
#include <azula/azula.hpp>

int main() { azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), azula::DDIM{}, 32); }
