#include <azula/azula.hpp>

struct AllTwos {
  azula::VPSchedule vp;
  const auto& schedule() const { return vp; }
  void operator()(const Eigen::Array3d&, double, Eigen::Array3d& mean) const { mean = 2; }
};

/// The data are all 2, so the sample must be, up to the last noise level of the schedule.
int main() {
  const azula::Sampler sampler(AllTwos{}, azula::DDIM{}, {.steps = 8});
  const Eigen::Array3d x = sampler(Eigen::Array3d(-1, 0, 1));
  return (x - 2).abs().maxCoeff() < 0.01 ? 0 : 1;
}
