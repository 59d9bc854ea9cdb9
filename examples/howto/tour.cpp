// The library in one program: each block is one thing that you may want to do.
#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>
#include <azula/sample/threads.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

// A schedule of your own: from a time to the scales of signal and noise.
struct Straight {
  azula::Scales operator()(double t) const { return {1 - t, t}; }
};

// A denoiser of your own, for data from N(0, 1): it writes E[X | x_t] into memory of the sampler.
struct Shrink {
  Straight straight;
  const auto& schedule() const { return straight; }
  void operator()(const Eigen::ArrayXXf& x_t, double t, Eigen::ArrayXXf& mean) const {
    const auto [alpha, sigma] = straight(t);
    mean = static_cast<float>(alpha / (alpha * alpha + sigma * sigma)) * x_t;
  }
};

int main() {
  const Straight schedule;
  const Shrink denoiser;

  // Your network: the kind of prediction and the number that it takes for the time make it a denoiser.
  const auto network = [](const auto& input, double t, auto& velocity) {
    // Yours says engine.run(input.data(), t, velocity.data()); this is the best network for such data.
    velocity = static_cast<float>((2 * t - 1) / ((1 - t) * (1 - t) + t * t)) * input;
  };
  const azula::NetworkDenoiser flow(network, schedule, azula::FlowPrediction{}, azula::FlowTime{});

  // Method and times, chosen at compile time.
  const azula::Sampler sampler(flow, azula::Bounded{azula::xEAB<2>{}}, {.steps = 20});
  azula::NormalSource random(/*seed=*/7);
  Eigen::ArrayXXf noise(64, 100);
  sampler.init(noise, random);
  const Eigen::ArrayXXf x = sampler(noise);
  std::printf("deviation %.2f\n", std::sqrt(x.square().mean()));

  // A method that draws noise on the way is given the source as well.
  const azula::Sampler stochastic(denoiser, azula::DDIM{.eta = 0.5}, {.steps = 50});
  const Eigen::ArrayXXf drawn = stochastic(noise, random);

  // Another grid of times, or times of your own.
  const auto times = azula::karras_times(schedule, {.start = 0.99, .stop = 0.01, .steps = 10});
  const azula::Sampler karras(flow, azula::vAB<2>{}, times);
  const azula::Sampler own(flow, azula::vAB<2>{}, std::vector{1.0, 0.9, 0.75, 0.5, 0.25, 0.1, 0.0});

  // Guidance: a denoiser around two others.
  const azula::GuidedDenoiser guided(flow, denoiser, /*weight=*/2.5);

  // A callback after each step, which may stop the run; with a third parameter it is shown the mean, too.
  const auto watch = [](const azula::StepInfo& step, const Eigen::ArrayXXf& /*x_s*/) { return step.index < 9; };
  const auto stopped = sampler.run(noise, watch);
  std::printf("stopped after %td steps\n", stopped.steps);

  // A loop of your own, for an engine that answers later.
  auto run = sampler.start(noise);  // the only allocation
  while (!run.done()) {
    flow(run.state(), run.time(), run.mean());  // E[X | x_t], wherever it comes from
    run.advance();                              // advance(random) if the method draws noise
  }
  std::printf("own loop: %s\n", (run.state() == x).all() ? "the same bits" : "other bits");

  // A batch on two threads; one large sample on two threads.
  const bool batch = (azula::parallel(sampler, noise, 2) == x).all();
  const bool large = (sampler.on(azula::Threads(2))(noise) == x).all();
  std::printf("threads: %s\n", batch && large ? "the same bits" : "other bits");

  // Inversion: times that rise lead from data to the noise that it comes from.
  const azula::Sampler invert(flow, azula::DPMSolver2S{}, {.start = 0.01, .stop = 0.99, .steps = 20});
  const Eigen::ArrayXXf back = invert(x);

  // Every coefficient of every step, for updates elsewhere.
  std::printf("%zu stages\n", sampler.stages().size());

  const azula::Sampler euler(guided, azula::Euler{}, {.steps = 50});
  for (const Eigen::ArrayXXf& y : {drawn, karras(noise), own(noise), euler(noise), back}) {
    if (std::fabs(std::sqrt(y.square().mean()) - 1) > 0.1F) return 1;
  }
  return batch && large && (run.state() == x).all() ? 0 : 1;
}
