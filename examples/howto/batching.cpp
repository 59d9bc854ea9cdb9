// Batches requests that arrive at different times: all of them share each evaluation of one network.
// They may differ in seed, number of steps and method.
#include <azula/azula.hpp>
#include <azula/sample/pool.hpp>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <thread>

int main() {
  // Stands for a network, which is given a number c for each sample, here log σ/α.
  const auto network = [](const Eigen::ArrayXXf& input, const Eigen::ArrayXd& c, Eigen::ArrayXXf& output) {
    output = input;
    for (Eigen::Index j = 0; j < input.cols(); ++j) output.col(j) /= static_cast<float>(1 + std::exp(c(j)));
  };
  const azula::KarrasDenoiser denoiser(network, azula::VPSchedule{});
  azula::Pool<Eigen::ArrayXXf> pool(denoiser, {.capacity = 16});
  std::thread worker([&] { pool.run(); });

  float sum = 0;  // of the callbacks' thread
  int ended = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {  // in any thread
    const auto steps = static_cast<std::ptrdiff_t>(4 + seed % 9);
    const azula::Sampler sampler(denoiser, azula::xEAB<2>{}, {.start = 0.9, .stop = 0.1, .steps = steps});
    azula::NormalSource random(seed);
    Eigen::ArrayXXf x(784, 1);
    sampler.init(x, random);
    pool.submit(sampler, x, {.random = random, .end = [&](const azula::PoolEnd<Eigen::ArrayXXf>& end) {
                               ended += end.outcome == azula::PoolOutcome::finished;
                               sum += end.state.mean();
                             }});
  }
  pool.close();
  worker.join();
  std::printf("%d of 40 requests are drawn, their mean is %.4f\n", ended, sum / 40);
  return ended == 40 ? 0 : 1;
}
