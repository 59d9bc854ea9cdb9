// expect: azula::parallel: the first argument must be a sampler, or a callable that makes one for a Share
#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>

int main() {
  const azula::GaussianDenoiser denoiser(0.0, 1.0, azula::VPSchedule{});
  azula::parallel(denoiser, Eigen::ArrayXXd(3, 4), 2);
}
