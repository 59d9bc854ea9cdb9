// Inversion and editing: follows data up to the noise that leads to them, and down again with another condition.
#include <azula/azula.hpp>

#include <cmath>
#include <cstdio>

int main() {
  const azula::VPSchedule schedule;
  const azula::GaussianDenoiser cats(-1.0, 0.25, schedule), dogs(1.0, 0.25, schedule);

  // Times that rise lead from data to noise; the method must draw none. There has to be a little noise at the clean end.
  const azula::Sampler up(cats, azula::DPMSolver2S{}, {.start = 0.01, .stop = 1, .steps = 100});
  const azula::Sampler down(cats, azula::DPMSolver2S{}, {.start = 1, .stop = 0.01, .steps = 100});
  const azula::Sampler edit(dogs, azula::DPMSolver2S{}, {.start = 1, .stop = 0.01, .steps = 100});

  Eigen::ArrayXf cat = Eigen::ArrayXf::LinSpaced(5, -2, 0);  // from two deviations below the mean to two above
  const Eigen::ArrayXf noise = up(cat);
  const Eigen::ArrayXf again = down(noise), dog = edit(noise);
  for (int i = 0; i < 5; ++i) {
    std::printf("cat %4.1f -> noise %4.1f -> cat %4.1f, or dog %3.1f\n", cat(i), noise(i), again(i), std::abs(dog(i)));
  }
  // A flow keeps a value of a Gaussian at as many deviations as it was.
  return (again - cat).abs().maxCoeff() < 0.01F && (dog - (cat + 2)).abs().maxCoeff() < 0.01F ? 0 : 1;
}
