// Shows how to write a denoiser of your own: a type with schedule() and a call that returns or writes E[X | x_t].
//
// The data are coins: X is -1 or 1 with equal probability. For these, E[X | x_t] = tanh(α x_t/σ²).
#include <azula/azula.hpp>

#include <cstdio>

struct Coins {
  azula::CosineSchedule cosine;

  const auto& schedule() const { return cosine; }

  // Writing into memory that the sampler provides: nothing is copied, nothing allocated.
  void operator()(const Eigen::ArrayXXf& x_t, double t, Eigen::ArrayXXf& mean) const {
    const auto [alpha, sigma] = cosine(t);
    mean = (static_cast<float>(alpha / (sigma * sigma)) * x_t).tanh();
  }
};

int main() {
  azula::NormalSource random(3);
  Eigen::ArrayXXf x(16, 4);

  const azula::Sampler sampler(Coins{}, azula::DDPM{}, {.steps = 20});
  sampler.init(x, random);
  const Eigen::ArrayXXf coins = sampler(x, random);
  for (const auto& sample : coins.colwise()) {
    for (const float coin : sample) std::printf("%3.0f", coin);
    std::printf("\n");
  }
  std::printf("farthest from -1 or 1: %.4f\n", (coins.abs() - 1).abs().maxCoeff());

  // A function will do, too. This one returns the mean; its coins are loaded, 9 to 1, which shifts the argument.
  const azula::CosineSchedule cosine;
  const azula::FunctionDenoiser loaded(
      [cosine](const Eigen::ArrayXXf& x_t, double t) -> Eigen::ArrayXXf {
        const auto [alpha, sigma] = cosine(t);
        return (static_cast<float>(alpha / (sigma * sigma)) * x_t + 0.5F * std::log(9.0F)).tanh();
      },
      cosine);
  Eigen::ArrayXXf many(1, 10000);
  const azula::Sampler loaded_sampler(loaded, azula::DDPM{}, {.steps = 100});
  loaded_sampler.init(many, random);
  std::printf("heads among 10,000 loaded coins: %td\n", (loaded_sampler(many, random) > 0).count());
}
