// expect: success
#include <azula/azula.hpp>

struct WithSchedule {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }
  Eigen::Array3d operator()(const Eigen::Array3d& x, double) const { return x; }
};

int main() { azula::Sampler sampler(WithSchedule{}, azula::DDIM{}, {.steps = 4}); }
