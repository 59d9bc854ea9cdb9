// expect: azula::ConsistencyDenoiser: its time is by default the training step, and this schedule has none
#include <azula/azula.hpp>

azula::ConsistencyDenoiser denoiser{azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{})};
