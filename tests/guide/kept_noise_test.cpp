#include "azula/guide/kept_noise_denoiser.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/guide/clamped_denoiser.hpp"
#include "azula/method/ddim.hpp"
#include "azula/method/z_ab.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

const azula::RectifiedSchedule schedule{0, 0};
const auto mean_of = [](const Eigen::ArrayXd& x, double t) { return Eigen::ArrayXd((2 + t) * x.tanh()); };
const auto clip = [](auto& mean) { azula::clamp_mean(mean, -1, 1); };

}  // namespace

TEST_CASE("a step clips the mean and keeps the noise of the one that was not clipped", "[kept_noise]") {
  const std::vector<double> times{0.9, 0.7, 0.3, 0};
  const azula::FunctionDenoiser denoiser(mean_of, schedule);
  const azula::Sampler plain(denoiser, azula::DDIM{}, times);
  const azula::KeptNoiseDenoiser kept(denoiser, clip, azula::KeptNoise(schedule, plain.stages()));
  const azula::Sampler sampler(kept, azula::DDIM{}, times);
  Eigen::ArrayXd x = Eigen::ArrayXd::LinSpaced(7, -2, 2), expected = x;
  x = sampler(x);
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const double t = times[i], s = times[i + 1];
    const Eigen::ArrayXd m = mean_of(expected, t), z = (expected - (1 - t) * m) / t;
    expected = (1 - s) * m.max(-1.0).min(1.0) + s * z;
  }
  CHECK((x - expected).abs().maxCoeff() < 1e-14);
  CHECK((x - plain(Eigen::ArrayXd::LinSpaced(7, -2, 2).eval())).abs().maxCoeff() > 0.1);
}

TEST_CASE("noise is kept by methods that remember nothing, at their own times", "[kept_noise]") {
  const azula::FunctionDenoiser denoiser(mean_of, schedule);
  const azula::Sampler multistep(denoiser, azula::zAB<2>{}, std::vector{0.9, 0.5, 0.1});
  CHECK(complaint<std::invalid_argument>([&] { azula::KeptNoise(schedule, multistep.stages()); })
            .find("azula::KeptNoise: the method must make one evaluation per step and remember nothing") == 0);
  const azula::Sampler plain(denoiser, azula::DDIM{}, std::vector{0.9, 0.5, 0.1});
  const azula::KeptNoise kept(schedule, plain.stages());
  CHECK(complaint<std::invalid_argument>([&] { kept(0.4); }).find("the time must be one of the sampler") != std::string::npos);
}
