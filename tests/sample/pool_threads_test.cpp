#include <Eigen/Core>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "azula/method/ddpm.hpp"
#include "azula/method/heun.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/pool.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"

using azula::PoolOutcome;

namespace {

using Batch = Eigen::ArrayXXf;

/// Every value by itself. Throws in every `every`-th call, if that is not 0.
struct Unreliable {
  azula::VPSchedule vp;
  int every = 0;
  std::atomic<int>* calls = nullptr;

  const auto& schedule() const { return vp; }
  void operator()(const Batch& x_t, double t, Batch& mean) const {
    mean = x_t.unaryExpr([&](float x) { return std::tanh(x * static_cast<float>(1 - t / 2)); });
  }
  void operator()(const Batch& x_t, const azula::SampleTimes& times, Batch& mean) const {
    if (every != 0 && ++*calls % every == 0) throw std::domain_error("no engine");
    for (Eigen::Index j = 0; j < x_t.cols(); ++j) {
      mean.col(j) = x_t.col(j).unaryExpr([&](float x) { return std::tanh(x * static_cast<float>(1 - times(j) / 2)); });
    }
  }
};

constexpr std::size_t count = 1000;
constexpr std::size_t submitters = 4;

/// What one request is and what has become of it. Its callbacks write, and the test reads when all is over.
struct Wanted {
  std::atomic<int> ends = 0;
  std::atomic<std::uint64_t> id = 0;
  bool broken = false, cancelled = false;
  PoolOutcome outcome{};
  std::string error = {};
  Batch state = {}, expected = {};
};

/// Submits request i by one of three methods, with noise of its own number.
template <class P>
void submit(P& pool, std::size_t i, Wanted& wanted) {
  const auto steps = static_cast<std::ptrdiff_t>(2 + i * 7 % 19);
  const azula::SamplerOptions options{.steps = steps, .silent = true};
  const auto send = [&](const auto& sampler) {
    azula::NormalSource random(i);
    Batch x(6, 1 + Eigen::Index(i % 3));
    sampler.init(x, random);
    if (wanted.broken) {
      x(2, 0) = std::numeric_limits<float>::quiet_NaN();
    } else {
      azula::NormalSource same = random;
      wanted.expected = sampler(x, same);
    }
    const auto end = [&wanted](azula::PoolEnd<Batch> told) {
      wanted.outcome = told.outcome;
      wanted.state = std::move(told.state);
      if (told.error) {
        try {
          std::rethrow_exception(told.error);
        } catch (const std::exception& error) {
          wanted.error = error.what();
        }
      }
      ++wanted.ends;
    };
    wanted.id = pool.submit(sampler, x, {.random = random, .end = end});
  };
  if (i % 3 == 0) return send(azula::Sampler(Unreliable{}, azula::DDPM{}, options));
  if (i % 3 == 1) return send(azula::Sampler(Unreliable{}, azula::Heun{}, options));
  send(azula::Sampler(Unreliable{}, azula::xEAB<3>{}, options));
}

/// All requests, by several threads that submit, and cancel some, while another one ticks.
std::vector<Wanted> serve(int every) {
  std::vector<Wanted> all(count);
  std::mt19937 choice(7);
  for (Wanted& wanted : all) {
    wanted.broken = choice() % 20 == 0;
    wanted.cancelled = choice() % 10 == 0;
  }
  std::atomic<int> calls = 0;
  azula::Pool<Batch> pool(Unreliable{{}, every, &calls}, {.capacity = 16});
  std::thread worker([&] { pool.run(); });
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < submitters; ++k) {
    threads.emplace_back([&, k] {
      std::minstd_rand pause(static_cast<unsigned>(k + 1));
      for (std::size_t i = k; i < count; i += submitters) {
        submit(pool, i, all[i]);
        if (pause() % 8 == 0) std::this_thread::sleep_for(std::chrono::microseconds(pause() % 300));
        if (all[i].cancelled) pool.cancel(all[i].id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  pool.close();
  worker.join();
  CHECK(pool.size() == 0);
  return all;
}

/// How many requests have this outcome.
std::size_t number_of(const std::vector<Wanted>& all, PoolOutcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Wanted& wanted) { return wanted.outcome == outcome; }));
}

void require_as_wanted(const std::vector<Wanted>& all, bool faults) {
  for (const Wanted& wanted : all) {
    CAPTURE(wanted.id.load());
    REQUIRE(wanted.ends == 1);
    if (wanted.outcome == PoolOutcome::finished) {
      REQUIRE_FALSE(wanted.broken);
      REQUIRE((wanted.state == wanted.expected).all());
    } else if (wanted.outcome == PoolOutcome::cancelled) {
      REQUIRE(wanted.cancelled);
    } else {
      REQUIRE(wanted.outcome == PoolOutcome::failed);
      const bool of_network = wanted.error == "no engine";
      REQUIRE((faults || !of_network));
      REQUIRE((of_network || (wanted.broken && wanted.error.find("must be finite, got NaN") != std::string::npos)));
    }
  }
}

}  // namespace

TEST_CASE("a thousand requests of several threads end once each, and those that are drawn have their own bits",
          "[threads]") {
  const std::vector<Wanted> all = serve(0);
  require_as_wanted(all, false);
  CHECK(number_of(all, PoolOutcome::finished) > 800);
  CHECK(number_of(all, PoolOutcome::failed) > 10);
  CHECK(number_of(all, PoolOutcome::cancelled) > 0);
}

TEST_CASE("a network that throws now and then loses no request", "[threads]") {
  const std::vector<Wanted> all = serve(50);
  require_as_wanted(all, true);
  CHECK(number_of(all, PoolOutcome::finished) > 200);
  CHECK(number_of(all, PoolOutcome::failed) > 100);
}

TEST_CASE("run() sleeps until there is something to do and returns after close()", "[threads]") {
  std::atomic<int> calls = 0;
  azula::Pool<Batch> pool(Unreliable{{}, 1'000'000, &calls});
  std::thread worker([&] { pool.run(); });
  std::atomic<bool> ended = false;
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(calls == 0);
  pool.submit(azula::Sampler(Unreliable{}, azula::xEAB<3>{}, {.steps = 3}), Batch::Ones(4, 1),
              {.end = [&](const auto&) { ended = true; }});
  while (!ended) std::this_thread::yield();
  CHECK(calls == 3);
  pool.close();
  worker.join();
}
