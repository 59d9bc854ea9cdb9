// A run can be put aside and go on later: a copy of it holds the state, what it remembers, and where it is.
#include <azula/azula.hpp>

#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const azula::Sampler sampler(denoiser, azula::SASolver<2>{}, {.steps = 20});
  azula::NormalSource random(42);
  Eigen::ArrayXXf x(64, 100);
  sampler.init(x, random);

  const auto advance = [&](auto& run, auto& source) {
    denoiser(run.state(), run.time(), run.mean());
    run.advance(source);
  };
  auto run = sampler.start(x);
  while (run.step() < 12) advance(run, random);
  auto kept = run;
  azula::NormalSource noise = random;  // at its next draw
  while (!run.done()) advance(run, random);

  while (!kept.done()) advance(kept, noise);  // later
  const bool equal = (kept.state() == run.state()).all();
  std::printf("put aside after 12 of %td steps, and the same bits in the end: %s\n", run.steps(), equal ? "yes" : "no");
  return equal ? 0 : 1;
}
