// expect: is not a denoiser
#include <azula/azula.hpp>

struct NoSchedule {
  Eigen::Array3d operator()(const Eigen::Array3d& x, double) const { return x; }
};

int main() { azula::Sampler sampler(NoSchedule{}, azula::DDIM{}, {.steps = 4}); }
