// Gives each image a seed of its own: seed 9 gives the same image alone, in a batch, or on another machine.
#include <azula/azula.hpp>

#include <cstdio>
#include <vector>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const azula::Sampler sampler(denoiser, azula::DDPM{}, {.steps = 20});
  const auto draw = [&](auto random, Eigen::Index count) {
    Eigen::ArrayXXf x(64, count);
    sampler.init(x, random);
    return Eigen::ArrayXXf(sampler(x, random));
  };

  // One seed per image.
  const Eigen::ArrayXXf batch = draw(azula::NormalSource(std::vector{7, 9, 4}), 3);
  const Eigen::ArrayXXf alone = draw(azula::NormalSource(std::vector{9}), 1);
  const bool same = (batch.col(1) == alone.col(0)).all();

  // One seed for 1000 images, of which this machine draws numbers 400 to 499.
  const Eigen::ArrayXXf whole = draw(azula::NormalSource(42), 1000);
  const Eigen::ArrayXXf shard = draw(azula::NormalSource(42, /*first=*/400), 100);
  const bool part = (whole.middleCols(400, 100) == shard).all();

  std::printf("seed 9 alone and in a batch: %s\n", same ? "the same bits" : "different");
  std::printf("images 400 to 499 alone:     %s\n", part ? "the same bits" : "different");
  return same && part ? 0 : 1;
}
