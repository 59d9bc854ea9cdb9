#include "azula/sample/saved_run.hpp"

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method/any_method.hpp"
#include "azula/noise.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

namespace {

using azula::AnyMethod;

const azula::VPSchedule vp;
const azula::GaussianDenoiser gaussian(2.0, 0.25, vp);

auto sampler_of(const AnyMethod& method) {
  return azula::Sampler(gaussian, method, {.start = 0.99, .stop = 0.01, .steps = 7, .silent = true});
}

void advance(auto& run, auto&... random) {
  gaussian(run.state(), run.time(), run.mean());
  run.advance(random...);
}

/// Whether two states, or what they show, have the same bits.
bool same_bits(const auto& a, const auto& b) {
  const auto* const of_a = azula::host_data(a);
  const auto* const of_b = azula::host_data(b);
  const auto count = static_cast<std::size_t>(azula::value_count(a)) * sizeof *of_a;
  return azula::value_count(a) == azula::value_count(b) && std::memcmp(of_a, of_b, count) == 0;
}

/// After how many stages a run that is saved, resumed and ended there is not what it is without, for the first time.
template <class X, class Source>
std::optional<std::size_t> first_difference(const AnyMethod& method, const X& x, const Source& source, Source other) {
  const auto sampler = sampler_of(method);
  Source random = source;
  auto whole = sampler.start(x);
  std::vector<std::string> saved{azula::save(whole, random)};
  while (!whole.done()) {
    advance(whole, random);
    saved.push_back(azula::save(whole, random));
  }
  for (std::size_t k = 0; k < saved.size(); ++k) {
    auto run = azula::resume(sampler, x, saved[k], other);
    while (!run.done()) advance(run, other);
    if (!same_bits(run.state(), whole.state()) || run.evaluations() != whole.evaluations()) return k;
    if (azula::save(run, other) != saved.back()) return k;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a run of any method, saved after any stage and resumed, ends with the same bits", "[saved]") {
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(5, 3);
  const auto names = azula::method_names();
  REQUIRE(names.size() > 60);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK_FALSE(first_difference(AnyMethod(name), x, azula::NormalSource(7, 40), azula::NormalSource(0)));
  }
  for (const AnyMethod& method :
       {AnyMethod(azula::Restart{azula::xEAB<3>{}, {.rho_min = 0.4, .rho_max = 2, .repeats = 2}}),
        AnyMethod(azula::Heun{.churn = {.s_churn = 20}}), AnyMethod(azula::Started{azula::zAB<4>{}}),
        AnyMethod(azula::Corrected{azula::zAB<3>{}})}) {
    CAPTURE(method.name());
    CHECK_FALSE(first_difference(method, x, azula::NormalSource(7, 40), azula::NormalSource(0)));
  }
}

TEST_CASE("a resumed source goes on with its seeds, and a Brownian path where it was", "[saved]") {
  const Eigen::ArrayXXd x = Eigen::ArrayXXd::Random(4, 3);
  const azula::NormalSource listed(std::vector{7, 9, 4}), other(std::vector{1, 2});
  CHECK_FALSE(first_difference(AnyMethod("DPMSolverMultistepSDE3"), x, listed, other));
  const auto clock = azula::log_rho_clock(vp);
  const azula::BrownianSource path(5, clock, {.start = 0.99, .stop = 0.01, .first = 8});
  const azula::BrownianSource paths(std::vector{7, 9, 4}, clock, {.start = 0.99, .stop = 0.01});
  CHECK_FALSE(first_difference(AnyMethod("SEEDS3"), x, path, paths));
  CHECK_FALSE(first_difference(AnyMethod("PC"), x, paths, path));  // whose corrections belong to no step
}

TEST_CASE("a run of a method without noise is saved without a source", "[saved]") {
  const auto sampler = sampler_of(AnyMethod("xEAB3"));
  const Eigen::ArrayXf x = Eigen::ArrayXf::Random(6);
  auto run = sampler.start(x);
  for (int stage = 0; stage < 4; ++stage) advance(run);
  const std::string bytes = azula::save(run);
  auto again = azula::resume(sampler, Eigen::ArrayXf(6), bytes);
  CHECK(again.step() == 4);
  CHECK(again.time() == run.time());
  while (!again.done()) advance(again);
  CHECK((again.state() == sampler(x)).all());

  azula::NormalSource random(1);
  const auto what = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  CHECK(what([&] { azula::resume(sampler, x, bytes, random); }) ==
        "azula::resume: a source of noise must be passed if, and only if, one was saved, got one where none was saved");
  CHECK(what([&] { azula::resume(sampler, x, azula::save(run, random)); }) ==
        "azula::resume: a source of noise must be passed if, and only if, one was saved, got none where one was saved");
}

TEST_CASE("a run is resumed with its own sampler, shape, scalar and source only", "[saved]") {
  const auto sampler = sampler_of(AnyMethod("zAB2"));
  const Eigen::ArrayXXf x = Eigen::ArrayXXf::Random(5, 3);
  azula::NormalSource random(1);
  auto run = sampler.start(x);
  for (int stage = 0; stage < 3; ++stage) advance(run);
  const std::string bytes = azula::save(run, random);
  const auto refused = [&](const auto& other, const auto& state, auto&&... source) {
    return complaint<std::invalid_argument>([&] { azula::resume(other, state, bytes, source...); });
  };
  CHECK(refused(sampler_of(AnyMethod("zAB3")), x, random) ==
        "azula::resume: the method of the sampler must be the saved one, zAB<2>, got zAB<3>");
  const azula::Sampler longer(gaussian, AnyMethod("zAB2"), {.start = 0.99, .stop = 0.01, .steps = 8});
  CHECK(refused(longer, x, random) == "azula::resume: the sampler must have as many stages as the saved one, 7, got 8");
  const azula::Sampler shifted(gaussian, AnyMethod("zAB2"), {.start = 0.99, .stop = std::nextafter(0.01, 1), .steps = 7});
  CHECK(refused(shifted, x, random).starts_with(
      "azula::resume: the times and coefficients of the sampler must be the saved ones, with the fingerprint, "));
  CHECK(refused(sampler, Eigen::ArrayXXf(5, 4), random) ==
        "azula::resume: there must be as many samples as in the saved state, 3, got 4");
  CHECK(refused(sampler, Eigen::ArrayXXf(6, 3), random) ==
        "azula::resume: a sample must have as many values as in the saved state, 5, got 6");
  CHECK(refused(sampler, Eigen::ArrayXXd(5, 3), random) ==
        "azula::resume: the scalar of the state must be the saved one, float, got double");
  azula::BrownianSource path(5, azula::time_clock());
  CHECK(refused(sampler, x, path) ==
        "azula::resume: the source of noise must be of the kind that was saved, NormalSource, got BrownianSource");
  azula::BrownianSource deeper(5, azula::time_clock(), {.depth = 30});
  CHECK(complaint([&] { azula::resume(sampler, x, azula::save(run, path), deeper); }) ==
        "azula::resume: the depth of the path must be the one that was saved, 24, got 30");
}

TEST_CASE("what is refused changes neither the source nor the memory that a Map shows", "[saved]") {
  const auto sampler = sampler_of(AnyMethod("DDPM"));
  Eigen::ArrayXf x = Eigen::ArrayXf::Random(5);
  azula::NormalSource random(9), other(4);
  auto run = sampler.start(x);
  advance(run, random);
  std::string bytes = azula::save(run, random);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  const Eigen::ArrayXf before = x;
  Eigen::Map<Eigen::ArrayXf> shown(x.data(), 5);
  CHECK_FALSE(complaint([&] { azula::resume(sampler, shown, bytes, other); }).empty());
  CHECK((x == before).all());
  CHECK(other.draw() == 0);
  run.mean().setConstant(NAN);
  CHECK_FALSE(complaint([&] { run.advance(random); }).empty());
  CHECK(complaint([&] { azula::save(run, random); }) ==
        "azula::save: the run must not have been ended by an error, got one in step 1");
}
