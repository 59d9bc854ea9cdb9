// Classifier-free guidance: combines a denoiser that knows the class and one that does not, by a guidance scale.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser with(1.0, 0.25, schedule);     // told the prompt: data from N(1, 1/4)
  const azula::GaussianDenoiser without(0.0, 0.25, schedule);  // told nothing: data from N(0, 1/4)

  azula::NormalSource random(7);
  Eigen::ArrayXXf noise(64, 500);
  bool right = true;
  for (const double weight : {0.0, 1.0, 3.0}) {  // without + weight (with - without)
    const azula::GuidedDenoiser denoiser(with, without, weight);
    const azula::Sampler sampler(denoiser, azula::Bounded{azula::xEAB<2>{}}, {.steps = 40});
    random.rewind(0);
    sampler.init(noise, random);
    const double mean = double(sampler(noise).mean());
    right = right && std::abs(mean - weight) < 0.02;  // two Gaussians of one variance: their means are extrapolated
    std::printf("weight %.0f: mean %.1f\n", weight, std::abs(mean));
  }

  // Only where it helps, and with the contrast put back.
  const azula::GuidedDenoiser limited(with, without, 3.0, {.low = 0.3, .high = 5, .rescale = 0.7});
  const azula::Sampler sampler(limited, azula::Bounded{azula::xEAB<2>{}}, {.steps = 40});
  random.rewind(0);
  sampler.init(noise, random);
  std::printf("weight 3 in an interval: mean %.1f\n", sampler(noise).mean());

  // One call of the network for both: of the 2B samples that it is given, the first B are told the prompt.
  const auto network = [&](const Eigen::ArrayXXf& x, double t, Eigen::ArrayXXf& mean) {
    const auto [alpha, sigma] = schedule(t);
    const auto gain = static_cast<float>(alpha / (alpha * alpha + 4 * sigma * sigma));
    mean = gain * x;
    mean.leftCols(x.cols() / 2) += 1 - gain * static_cast<float>(alpha);
  };
  const azula::BatchedGuidedDenoiser batched(azula::FunctionDenoiser(network, schedule), 3.0);
  const azula::Sampler joint(batched, azula::Bounded{azula::xEAB<2>{}}, {.steps = 40});
  const double mean = double(joint(noise).mean());
  std::printf("weight 3 in one call: mean %.1f\n", mean);
  return right && std::abs(mean - 3) < 0.02 ? 0 : 1;
}
