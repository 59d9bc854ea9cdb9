#include "catch.hpp"

#include "common/digits_data.hpp"
#include "common/digits_network.hpp"
#include "support/temporary_file.hpp"

#include <azula/azula.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace {

const std::filesystem::path data = AZULA_EXAMPLES_DATA;

/// The largest distance of twenty digits from themselves after as many steps to noise and back.
template <class M>
double round_trip(const M& method, std::ptrdiff_t steps) {
  static const examples::DigitsNetwork network(data / "digits.safetensors");
  static const Eigen::ArrayXXf digits = examples::DigitsData(data / "digits_data.safetensors").images.leftCols(20);
  const azula::VPSchedule schedule;
  const azula::NetworkDenoiser denoiser(std::cref(network), schedule, azula::EDMPrediction{.sigma_data = 1},
                                        azula::LogRatioTime{.scale = 1});
  const azula::Sampler up(denoiser, method, azula::log_snr_times(schedule, {0.02, 0.98, steps}));
  const azula::Sampler down(denoiser, method, azula::log_snr_times(schedule, {0.98, 0.02, steps}));
  return (down(up(digits)) - digits).abs().maxCoeff();
}

}  // namespace

TEST_CASE("digits come back from the noise that the network takes them to, with the order of the method", "[examples]") {
  const double euler = round_trip(azula::Euler{}, 64), half = round_trip(azula::Euler{}, 128);
  CHECK(std::fabs(std::log2(euler / half) - 1) < 0.3);
  const double second = round_trip(azula::xEAB<2>{}, 64), finer = round_trip(azula::xEAB<2>{}, 128);
  CHECK(std::log2(second / finer) > 1.5);
  CHECK(second < euler / 4);
  CHECK(round_trip(azula::DPMSolver2S{}, 64) < 0.01);
}

TEST_CASE("the way between two digits is drawn", "[examples]") {
  const TemporaryFile picture("");
  const std::string program = AZULA_EXAMPLES_PROGRAMS "/between";
  const auto run = [&](const std::string& options) {
    return std::system((program + " " + options + " --out " + picture.path().string() + " >/dev/null 2>&1").c_str());
  };
  CHECK(run("--steps 8 --pictures 5") == 0);
  CHECK(std::filesystem::file_size(picture.path()) > 1000);
  CHECK(run("--from 1797") != 0);
}
