// A planner in a control loop, with small states whose size the compiler knows, so that nothing is allocated.
//
// A vehicle drives along the x-axis towards an obstacle at x = 4 and may pass it on either side. A plan is the next
// eight lateral positions. The policy, a mixture of two Gaussians in place of a network, knows both ways round the
// obstacle.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

using Plan = Eigen::Array<float, 8, 1>;

int main() {
  Eigen::MatrixXd ways(8, 2);
  for (int i = 0; i < 8; ++i) ways.row(i) << std::exp(-(i - 4) * (i - 4) / 4.0), -std::exp(-(i - 4) * (i - 4) / 4.0);
  const azula::RectifiedSchedule schedule;
  const azula::MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), ways, Eigen::Array2d(1e-3, 1e-3), schedule);

  const azula::Sampler fresh(policy, azula::vAB<2>{}, {.steps = 5});
  // Some way back to noise and to data again: enough to adapt the last plan, not enough to change the side.
  const azula::Sampler adapt(policy, azula::vAB<2>{}, {.start = 0.3, .steps = 3});

  azula::NormalSource random(7);
  Plan x, plan;
  std::printf("a new plan at every tick:      ");
  for (int tick = 0; tick < 12; ++tick) {
    fresh.init(x, random);
    plan = fresh(x);
    std::printf("%s", plan(4) > 0 ? " left " : " right");
  }
  std::printf("\nthe last plan adapted instead: ");
  for (int tick = 0; tick < 12; ++tick) {
    adapt.init(x, random, /*mean=*/plan, /*variance=*/0.0);  // x ~ N(α plan, σ²)
    plan = adapt(x);
    std::printf("%s", plan(4) > 0 ? " left " : " right");
  }
  std::printf("\nlateral positions: ");
  for (const float y : plan) std::printf(" %5.2f", y);
  std::printf("\n");
}
