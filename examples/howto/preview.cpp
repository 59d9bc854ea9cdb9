// Shows previews and cancels a run: an observer is called after each step, and ends the run by returning false.
#include <azula/azula.hpp>

#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const azula::Sampler sampler(denoiser, azula::xEAB<2>{}, {.steps = 20});
  Eigen::ArrayXXf x(64, 500);
  azula::NormalSource random(42);
  sampler.init(x, random);

  // The third parameter is E[X | x_t], what the network expects the data to be: the best preview there is.
  const auto watch = [](const azula::StepInfo& step, const Eigen::ArrayXXf& x_s, const Eigen::ArrayXXf& expected) {
    if (step.index % 4 == 0) {
      std::printf("step %2td of %td: state %.2f, preview %.2f\n", step.index, step.steps, x_s.mean(), expected.mean());
    }
    return step.index < 12;  // somebody pressed a button
  };
  const auto [state, steps, evaluations, finished] = sampler.run(x, watch);
  std::printf("%s after %td steps\n", finished ? "finished" : "cancelled", steps);
  return finished || steps != 13;
}
