// expect: a network and its schedule become one in NetworkDenoiser
#include <azula/azula.hpp>

int main() { azula::Sampler sampler(azula::VPSchedule{}, azula::DDIM{}, {.steps = 4}); }
