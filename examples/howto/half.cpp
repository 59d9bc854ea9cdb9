// Uses states of half precision, which need half the memory and bandwidth of float.
// The update computes in float and rounds once per stage.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

template <class T>
Eigen::ArrayXX<T> draw() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const azula::Sampler sampler(denoiser, azula::xEAB<2>{}, {.steps = 20});
  Eigen::ArrayXX<T> x(64, 500);
  azula::NormalSource random(42);
  sampler.init(x, random);  // the same noise, rounded
  return sampler(x);
}

int main() {
  const Eigen::ArrayXXf exact = draw<float>();
  const auto distance = [&](const auto& x) {
    return std::sqrt(double((x.template cast<float>() - exact).square().mean()));
  };
  const double half = distance(draw<Eigen::half>()), brain = distance(draw<Eigen::bfloat16>());
  std::printf("Eigen::half:     %.4f from float\n", half);
  std::printf("Eigen::bfloat16: %.3f from float\n", brain);
  // 20 roundings of values up to 2, to 11 and 8 bits: √20 2 2^-11 and √20 2 2^-8.
  return half < 0.0045 * 1.5 && brain < 0.035 * 1.5 ? 0 : 1;
}
