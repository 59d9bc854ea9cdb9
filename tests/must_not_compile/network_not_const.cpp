// expect: azula: the network's call operator must be const: write operator()(input, c, output) const
#include <azula/azula.hpp>

struct Engine {
  int calls = 0;
  void operator()(const Eigen::ArrayXXf& input, double, Eigen::ArrayXXf& output) { output = input, ++calls; }
};

int main() {
  azula::NetworkDenoiser denoiser(Engine{}, azula::VPSchedule{}, azula::NoisePrediction{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2));
}
