#include "azula/sample/threads.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::NormalSource;
using azula::Sampler;
using azula::Threads;
using Catch::Matchers::ContainsSubstring;

namespace {

static_assert(azula::Executor<Threads> && azula::Executor<azula::Serial> && !azula::Executor<int>);
static_assert(std::is_copy_constructible_v<azula::Run<Eigen::ArrayXXf, 3, Threads>>);
// One thread costs a sampler and a run no memory.
static_assert(sizeof(azula::Run<Eigen::ArrayXXf, 3, Threads>) > sizeof(azula::Run<Eigen::ArrayXXf, 3>));

const azula::GaussianDenoiser denoiser(0.5, 0.25, azula::VPSchedule{});

/// Executors of others: parts in the reverse order, and how many there were.
struct Backwards {
  int* parts;

  static int size() { return 7; }
  template <class Task>
  void run(std::size_t count, const Task& task) const {
    *parts = static_cast<int>(count);
    for (std::size_t i = count; i > 0; --i) task(i - 1);
  }
};

/// The same samples on one thread, on several, and in parts of another executor.
template <class X, class M, class Source>
void check_same(const M& method, const Source& source, Eigen::Index rows, Eigen::Index columns) {
  const Sampler alone(denoiser, method, {.steps = 4, .silent = true});
  const auto draw = [&](const auto& sampler) {
    X x(rows, columns);
    Source random = source;
    sampler.init(x, random);
    return X(sampler(x, random));
  };
  const X expected = draw(alone);
  for (const int count : {1, 2, 3, 8}) CHECK((draw(alone.on(Threads(count))) == expected).all());
  int parts = 0;
  CHECK((draw(alone.on(Backwards{&parts})) == expected).all());
  CHECK(parts == (std::min)(Eigen::Index{28}, rows * columns / azula::smallest_part));
}

}  // namespace

TEST_CASE("a state cut between threads has the bits of one that is not", "[threads]") {
  SECTION("noise inside the update, sizes that no block divides") {
    check_same<Eigen::ArrayXXf>(azula::DDPM{}, NormalSource(3), 100003, 3);
    check_same<Eigen::ArrayXXd>(azula::DDPM{}, NormalSource(3), 70001, 1);
  }
  SECTION("predictions of the past") { check_same<Eigen::ArrayXXf>(azula::xEAB<3>{}, NormalSource(3), 333, 777); }
  SECTION("stages that do not evaluate") {
    check_same<Eigen::ArrayXXf>(azula::Heun{.churn = {.s_churn = 10}}, NormalSource(3), 250007, 1);
  }
  SECTION("a Brownian path") {
    const azula::BrownianSource path(5, azula::log_rho_clock(azula::VPSchedule{}));
    check_same<Eigen::ArrayXXf>(azula::DPMSolverSDE{}, path, 40000, 2);
  }
  SECTION("16 bits") { check_same<Eigen::ArrayXX<Eigen::half>>(azula::DDPM{}, NormalSource(3), 100003, 1); }
  SECTION("an engine, whose noise has no addresses") {
    check_same<Eigen::ArrayXXf>(azula::DDPM{}, std::mt19937_64(3), 100003, 1);
  }
}

TEST_CASE("every task is done once, whichever thread it falls to", "[threads]") {
  const Threads threads(4);
  CHECK(threads.size() == 4);
  for (std::size_t round = 0; round < 200; ++round) {
    std::vector<std::atomic<int>> times(round % 23);
    threads.run(times.size(), [&](std::size_t i) noexcept { ++times[i]; });
    for (const auto& n : times) REQUIRE(n == 1);
  }
}

TEST_CASE("runs that ask for the same threads at once do not wait for each other", "[threads]") {
  const auto sampler = Sampler(denoiser, azula::DDPM{}, {.steps = 5, .silent = true}).on(Threads(3));
  const auto draw = [&](std::uint64_t seed) {
    Eigen::ArrayXf x(100000);
    NormalSource random(seed);
    sampler.init(x, random);
    return Eigen::ArrayXf(sampler(x, random));
  };
  std::array<Eigen::ArrayXf, 3> drawn;
  {
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < drawn.size(); ++i) callers.emplace_back([&, i] { drawn[i] = draw(i); });
    for (std::thread& caller : callers) caller.join();
  }
  for (std::size_t i = 0; i < drawn.size(); ++i) CHECK((drawn[i] == draw(i)).all());
  // Tasks of a task are done on its own thread.
  std::atomic<int> inner = 0;
  const Threads threads(2);
  threads.run(2, [&](std::size_t) noexcept { threads.run(3, [&](std::size_t) noexcept { ++inner; }); });
  CHECK(inner == 6);
}

TEST_CASE("a mean that is not finite is seen in every part", "[threads]") {
  for (const Eigen::Index bad : {0, 65536, 99999}) {
    const azula::FunctionDenoiser spoiled(
        [bad](const Eigen::ArrayXf& x, double) {
          Eigen::ArrayXf mean = x;
          mean(bad) = std::numeric_limits<float>::quiet_NaN();
          return mean;
        },
        azula::VPSchedule{});
    const auto sampler = Sampler(spoiled, azula::DDIM{}, {.steps = 2, .silent = true}).on(Threads(3));
    CHECK_THROWS_WITH(sampler(Eigen::ArrayXf::Zero(100000).eval()), ContainsSubstring("the mean must be finite"));
  }
}

TEST_CASE("what a source throws on another thread reaches the caller", "[threads]") {
  struct Faulty {
    struct Values {
      void fill(Eigen::Map<Eigen::ArrayXf> out, std::ptrdiff_t offset) const {
        if (offset > 80000) throw std::runtime_error("no more noise");
        out.setZero();
      }
    };
    Values next(const azula::Draw&) { return {}; }
  };
  const auto sampler = Sampler(denoiser, azula::DDPM{}, {.steps = 2, .silent = true}).on(Threads(3));
  auto run = sampler.start(Eigen::ArrayXf::Zero(100000).eval());
  run.mean().setZero();
  CHECK_THROWS_WITH(run.advance(Faulty{}), ContainsSubstring("no more noise"));
  CHECK(run.failed());
}

TEST_CASE("a number of threads that cannot be is refused", "[threads]") {
  CHECK(complaint([] { Threads(-1); }) == "azula::Threads: the number of threads must be from 0 to 1024, got -1");
  CHECK_THROWS_AS(Threads(1025), std::invalid_argument);
  CHECK(Threads().size() >= 1);
}
