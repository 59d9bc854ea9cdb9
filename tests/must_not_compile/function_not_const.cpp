// expect: azula::Sampler: the denoiser's call operator must be const: write operator()(x_t, t, mean) const
#include <azula/azula.hpp>

int main() {
  const auto function = [calls = 0](const auto& x, double, auto& mean) mutable { mean = x, ++calls; };
  azula::FunctionDenoiser denoiser(function, azula::VPSchedule{});
  azula::Sampler(denoiser, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2));
}
