// A control loop with a deadline: each plan gets ten milliseconds, and at least one evaluation.
//
// When time is up, the plan is the last denoised mean, E[X | x_t]. If each run began at pure noise, the first mean
// would be the average of the two ways round the obstacle, which hits it. So each run begins near the previous plan,
// and its means stay on the side of that plan.
//
// The vehicle and its policy are the same as in fixed_size_control.cpp. No plan allocates memory.
#include <azula/azula.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <thread>

using Plan = Eigen::Array<float, 8, 1>;
using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

// Takes steps until there is no time for another one as long as the longest.
template <class Run, class Network>
Plan plan_until(Clock::time_point deadline, Run run, const Network& network) {
  Plan mean;
  Clock::duration longest{};
  do {
    const auto begin = Clock::now();
    network(run.state(), run.time(), run.mean());
    mean = run.mean();  // before advance(), which has other use for its memory
    run.advance();
    longest = std::max(longest, Clock::now() - begin);
  } while (!run.done() && Clock::now() + longest < deadline);
  std::printf("%2td of %td steps,", run.step(), run.steps());
  return run.done() ? run.state() : mean;
}

int main() {
  Eigen::MatrixXd ways(8, 2);
  for (int i = 0; i < 8; ++i) ways.row(i) << std::exp(-(i - 4) * (i - 4) / 4.0), -std::exp(-(i - 4) * (i - 4) / 4.0);
  const azula::RectifiedSchedule schedule;
  const azula::MixtureDenoiser policy(Eigen::Array2d(0.5, 0.5), ways, Eigen::Array2d(1e-3, 1e-3), schedule);
  const azula::Sampler fresh(policy, azula::vAB<2>{}, {.steps = 10});
  const azula::Sampler adapt(policy, azula::vAB<2>{}, {.start = 0.3, .steps = 6});

  azula::NormalSource random(7);
  Plan x;
  fresh.init(x, random);
  Plan plan = fresh(x);  // the first one, in peace
  for (int tick = 0; tick < 12; ++tick) {
    const auto begin = Clock::now();
    const microseconds load(tick < 4 ? 500 : tick < 8 ? 3000 : 8000);  // what an evaluation takes
    const auto network = [&](const Plan& x_t, double t, Plan& mean) {
      std::this_thread::sleep_for(load);
      policy(x_t, t, mean);
    };
    std::printf("evaluations of %.1f ms: ", static_cast<double>(load.count()) / 1000);
    adapt.init(x, random, /*mean=*/plan, /*variance=*/0.0);
    plan = plan_until(begin + microseconds(10000), adapt.start(x), network);
    const auto used = std::chrono::duration<double, std::milli>(Clock::now() - begin);
    std::printf(" %4.1f ms, %s by %.2f\n", used.count(), plan(4) > 0 ? "left" : "right", std::fabs(plan(4)));
  }
}
