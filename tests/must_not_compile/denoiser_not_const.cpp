// expect: azula::Sampler: the denoiser's call operator must be const: write operator()(x_t, t, mean) const
#include <azula/azula.hpp>

struct Model {
  azula::VPSchedule vp;
  int calls = 0;
  const auto& schedule() const { return vp; }
  Eigen::ArrayXXf operator()(const Eigen::ArrayXXf& x, double) { return ++calls, x; }
};

int main() { azula::Sampler(Model{}, azula::DDIM{}, {.steps = 4})(Eigen::ArrayXXf(3, 2)); }
