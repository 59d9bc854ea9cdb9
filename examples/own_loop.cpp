// Your own loop: a run hands out its state and its time and waits for the mean, wherever that comes from.
//
// Two requests, with different numbers of steps, share the calls of one network; the second arrives when the first
// is under way. Each gets what it would have got alone, to the last bit.
#include <azula/azula.hpp>

#include <cstdio>
#include <vector>

const azula::VPSchedule schedule;

// Stands for a network that takes a time per column: the exact E[X | x_t] of X ~ N(2, 1/4).
Eigen::ArrayXXf network(const Eigen::ArrayXXf& x, const std::vector<double>& times) {
  Eigen::ArrayXXf mean(x.rows(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const auto [alpha, sigma] = schedule(times[static_cast<std::size_t>(j)]);
    const double gain = alpha / (alpha * alpha + 4 * sigma * sigma);
    mean.col(j) = static_cast<float>(gain) * (x.col(j) - static_cast<float>(2 * alpha)) + 2;
  }
  return mean;
}

int main() {
  const azula::FunctionDenoiser alone([](const Eigen::ArrayXf& x, double t) { return Eigen::ArrayXf(network(x, {t})); },
                                      schedule);
  const azula::Sampler quick(alone, azula::xEAB<2>{}, {.steps = 4}), careful(alone, azula::xEAB<2>{}, {.steps = 6});
  Eigen::ArrayXf a(64), b(64);
  quick.init(a, azula::NormalSource(1));
  careful.init(b, azula::NormalSource(2));

  std::vector runs{quick.start(a)};
  for (int call = 1; !runs.empty(); ++call) {
    if (call == 3) runs.push_back(careful.start(b));
    Eigen::ArrayXXf batch(64, runs.size());
    std::vector<double> times;
    std::printf("call %d:", call);
    for (auto& run : runs) {
      batch.col(std::ssize(times)) = run.state();
      times.push_back(run.time());
      std::printf("   step %td of %td", run.step() + 1, run.steps());
    }
    std::printf("\n");
    const Eigen::ArrayXXf mean = network(batch, times);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      runs[i].mean() = mean.col(static_cast<Eigen::Index>(i));
      runs[i].advance();  // advance(random) for a method that draws noise
      if (runs[i].done()) {
        const bool same = (runs[i].state() == (runs[i].steps() == 4 ? quick(a) : careful(b))).all();
        std::printf("   done, and as if alone: %s\n", same ? "yes" : "no");
      }
    }
    std::erase_if(runs, [](const auto& run) { return run.done(); });
  }
}
