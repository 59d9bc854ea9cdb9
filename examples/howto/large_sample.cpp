// Draws one large sample on several threads: they share the update and its noise, and the bits stay the same.
#include <azula/azula.hpp>
#include <azula/sample/threads.hpp>

#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);  // runs on the caller's thread, or on threads of its own
  const azula::Sampler sampler(denoiser, azula::DDPM{}, {.steps = 5});
  const auto draw = [](const auto& on) {
    Eigen::ArrayXf x(3'000'000);  // latents of a video, say
    azula::NormalSource random(42);
    on.init(x, random);
    return Eigen::ArrayXf(on(x, random));
  };
  const azula::Threads threads(4);
  const bool equal = (draw(sampler) == draw(sampler.on(threads))).all();
  std::printf("%d threads and one: %s\n", threads.size(), equal ? "the same bits" : "different");
  return equal ? 0 : 1;
}
