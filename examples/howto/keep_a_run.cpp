// Saves a run as bytes and continues it later, possibly in another process.
#include <azula/azula.hpp>
#include <azula/sample/saved_run.hpp>

#include <cstdio>
#include <string>

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
  const std::string bytes = azula::save(run, random);
  while (!run.done()) advance(run, random);

  azula::NormalSource noise(0);  // later; resume() gives it its seed and its place
  auto kept = azula::resume(sampler, x, bytes, noise);
  while (!kept.done()) advance(kept, noise);
  const bool equal = (kept.state() == run.state()).all();
  std::printf("%zu bytes after 12 of %td steps, and the same bits in the end: %s\n", bytes.size(), run.steps(),
              equal ? "yes" : "no");
  return equal ? 0 : 1;
}
