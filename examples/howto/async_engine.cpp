// Drives a run with an asynchronous engine: the program does something else until the engine has computed the mean.
#include <azula/azula.hpp>

#include <chrono>
#include <cstdio>
#include <future>

const azula::GaussianDenoiser model(2.0, 0.25, azula::VPSchedule{});

// Stands for an engine that is handed buffers and a time, and says later that it has finished.
std::future<void> submit(const Eigen::ArrayXXf& x_t, double t, Eigen::ArrayXXf& mean) {
  return std::async(std::launch::async, [&, t] { model(x_t, t, mean); });
}

int main() {
  const azula::Sampler sampler(model, azula::DDPM{}, {.steps = 10});
  azula::NormalSource random(42);
  Eigen::ArrayXXf x(64, 100);
  sampler.init(x, random);

  int ticks = 0;
  auto run = sampler.start(x);  // the only allocation
  while (!run.done()) {
    const auto answer = submit(run.state(), run.time(), run.mean());
    do ++ticks;  // a user interface, another model, the next request
    while (answer.wait_for(std::chrono::microseconds(50)) != std::future_status::ready);
    run.advance(random);  // advance() for a method that draws no noise
  }

  random.rewind(1);  // the first draw was that of init()
  const bool equal = (run.state() == sampler(x, random)).all();
  std::printf("%td evaluations, the same bits as sampler(x, random): %s\n", run.evaluations(), equal ? "yes" : "no");
  return equal && ticks >= 10 ? 0 : 1;
}
