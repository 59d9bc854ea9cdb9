// expect: success
// For programs that make -Wdouble-promotion an error. clang++ also sees a double become a long double.
#pragma GCC diagnostic error "-Wdouble-promotion"
#include <azula/azula.hpp>
#include <azula/sample/parallel.hpp>
#include <azula/tune.hpp>

using Denoiser = decltype(azula::GaussianDenoiser(0.0, 1.0, azula::VPSchedule{}));

void draw(const Denoiser& denoiser, Eigen::ArrayXXf& x) {
  azula::NormalSource random(1);
  x = azula::parallel(azula::Sampler(denoiser, azula::Corrected{azula::xEAB<3>{}}), x);
  x = azula::Sampler(denoiser, azula::SASolver<3>{})(x, random);
  x = azula::Sampler(denoiser, azula::UniPC<3>{})(x);
  x = azula::AdaptiveSampler(denoiser)(x).state;
}
