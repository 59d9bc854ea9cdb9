#include "azula/sample/parallel.hpp"

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <utility>

#include "azula/denoise/karras_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "common/digits_network.hpp"

namespace {

const auto& digits_denoiser() {
  static const azula::KarrasDenoiser denoiser(examples::DigitsNetwork(AZULA_EXAMPLES_DATA "/digits.safetensors"),
                                              azula::VPSchedule{});
  return denoiser;
}

}  // namespace

TEST_CASE("digits have the same bits for any number of threads", "[threads]") {
  // More than two of the network's blocks of 64, so that shares cut them in other places.
  Eigen::ArrayXXf x(examples::DigitsNetwork::pixels, 150);
  const azula::Sampler sampler(std::ref(digits_denoiser()), azula::DDPM{}, {.stop = 0.01, .steps = 4});
  azula::NormalSource random(42);
  sampler.init(x, random);
  const Eigen::ArrayXXf serial = sampler(x, random);
  for (const int threads : {1, 2, 3, 7}) {
    INFO(threads << " threads");
    random.rewind(1);
    CHECK((azula::parallel(sampler, x, random, threads) == serial).all());
  }
}

TEST_CASE("a digit has the same bits on whichever machine it is drawn", "[threads]") {
  const azula::Sampler sampler(std::ref(digits_denoiser()), azula::DDPM{}, {.stop = 0.01, .steps = 4});
  const auto draw = [&](std::int64_t first, Eigen::Index count) {
    Eigen::ArrayXXf x(examples::DigitsNetwork::pixels, count);
    azula::NormalSource random(42, first);
    sampler.init(x, random);
    return sampler(std::move(x), random);
  };
  const Eigen::ArrayXXf all = draw(0, 67);
  for (const azula::Share part : {azula::Share{0, 1}, {1, 32}, {33, 33}, {66, 1}}) {
    INFO("digits " << part.first << " to " << part.first + part.count - 1);
    CHECK((draw(part.first, part.count) == all.middleCols(part.first, part.count)).all());
  }
}
