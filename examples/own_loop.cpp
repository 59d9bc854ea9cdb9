// Shows how to drive runs from a loop of your own, so that the program decides when and where the network is evaluated.
//
// A run gives its state and its time, and waits until the program has written the denoised mean. Here two requests
// share the calls of one network, and the second one arrives later. Each gets the same samples as if it were alone.
#include <azula/azula.hpp>

#include <cstdio>
#include <vector>

const azula::VPSchedule vp;

// Stands for a network that takes a time per column: the exact E[X | x_t] of X ~ N(2, 1/4).
Eigen::ArrayXXf network(const Eigen::ArrayXXf& x, const std::vector<double>& times) {
  Eigen::ArrayXXf mean(x.rows(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const auto [alpha, sigma] = vp(times[static_cast<std::size_t>(j)]);
    const double gain = alpha / (alpha * alpha + 4 * sigma * sigma);
    mean.col(j) = 2 + static_cast<float>(gain) * (x.col(j) - static_cast<float>(2 * alpha));
  }
  return mean;
}

int main() {
  const auto one = [](const auto& x, double t) { return Eigen::ArrayXf(network(x, {t})); };
  const azula::Sampler sampler(azula::FunctionDenoiser(one, vp), azula::xEAB<2>{}, {.steps = 5});
  Eigen::ArrayXf a(64), b(64);
  sampler.init(a, azula::NormalSource(1));
  sampler.init(b, azula::NormalSource(2));

  auto run_a = sampler.start(a), run_b = sampler.start(b);
  for (int call = 1; !run_b.done(); ++call) {
    const Eigen::ArrayXXf batch = (Eigen::ArrayXXf(64, 2) << run_a.state(), run_b.state()).finished();
    std::printf("call %d: a at t = %.1f, b at t = %.1f\n", call, run_a.time(), run_b.time());
    const Eigen::ArrayXXf mean = network(batch, {run_a.time(), run_b.time()});
    if (!run_a.done()) {
      run_a.mean() = mean.col(0);
      run_a.advance();  // advance(random) for a method that draws noise
    }
    if (call > 2) {  // before that, nobody has asked for b
      run_b.mean() = mean.col(1);
      run_b.advance();
    }
  }
  std::printf("a as if alone: %s\n", (run_a.state() == sampler(a)).all() ? "yes" : "no");
  std::printf("b as if alone: %s\n", (run_b.state() == sampler(b)).all() ? "yes" : "no");
}
