// expect: azula::Sampler: the second argument is not a method, such as azula::DDIM{}
#include <azula/azula.hpp>

int main() { azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}), {.steps = 4}); }
