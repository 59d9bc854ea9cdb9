// Real-time control: a robot plans again at every tick while it executes the plan of the tick before. No tick allocates.
#include <azula/azula.hpp>
#include <azula/guide.hpp>

#include <cstdio>
#include <functional>

using Plan = Eigen::Array<float, 8, 1>;
int main() {
  // A policy that keeps to the left, 1, or to the right, -1. It stands for a network.
  Eigen::MatrixXd ways(8, 2);
  ways << Eigen::VectorXd::Ones(8), -Eigen::VectorXd::Ones(8);
  const azula::RectifiedSchedule schedule;
  const azula::MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), ways, Eigen::Array2d(0.01, 0.01), schedule);

  // The first three actions of each plan are known, because they are executed while the plan is computed.
  Plan mask = Plan::Zero(), known = mask;
  mask.head<3>() = 1;
  azula::MaskedDenoiser masked(policy, mask, known);
  const azula::Sampler fresh(policy, azula::vAB<2>{}, {.steps = 10});
  const azula::Sampler adapt(std::ref(masked), azula::vAB<2>{}, {.start = 0.3, .steps = 3});  // sees set_known()

  azula::NormalSource random(7);
  Plan x, plan;
  fresh.init(x, random);
  plan = fresh(x);
  int changes = 0;
  for (int tick = 0; tick < 100; ++tick) {
    known << plan.tail<7>(), plan(7);  // one action has been executed
    masked.set_known(known);
    adapt.init(x, random, /*mean=*/known, /*variance=*/0.0);  // x ~ N(α known, σ²)
    plan = adapt(x);
    changes += (plan(7) > 0) != (known(0) > 0);
  }
  std::printf("the last plan adapted:    the side changes in %d of 100 ticks\n", changes);
  std::printf("its known actions differ from the plan before by %.2f\n", (plan - known).head<3>().abs().maxCoeff());
  changes = 0;
  for (int tick = 0; tick < 100; ++tick) {
    const bool left = plan(0) > 0;
    fresh.init(x, random);
    plan = fresh(x);
    changes += (plan(0) > 0) != left;
  }
  std::printf("a new plan at every tick: the side changes in %d of 100 ticks\n", changes);
}
