// Chooses a method by its name at run time:  any_method xEAB3   or   any_method DDIM eta 0.5
#include <azula/azula.hpp>
#include <azula/method/any_method.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>

int main(int argc, char** argv) try {
  azula::MethodOptions options;
  if (argc > 3) options = {{argv[2], std::strtod(argv[3], nullptr)}};
  const azula::AnyMethod method(argc > 1 ? argv[1] : "UniPC", options);

  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser denoiser(2.0, 0.25, schedule);
  const azula::Sampler sampler(denoiser, method, {.steps = 50});
  Eigen::ArrayXXf x(64, 500);
  azula::NormalSource random(42);
  sampler.init(x, random);
  x = sampler(x, random);  // a source is needed by some methods only, and does no harm
  const double mean = double(x.mean());
  std::printf("%s: mean %.1f\n", method.name().c_str(), mean);
  return std::abs(mean - 2) < 0.02 ? 0 : 1;
} catch (const std::exception& error) {
  std::printf("%s\n", error.what());  // a name that is none: the list of all names
  return 2;
}
