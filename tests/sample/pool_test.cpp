#include "azula/sample/pool.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "azula/denoise/function_denoiser.hpp"
#include "azula/method/any_method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::PoolOutcome;
using Catch::Matchers::ContainsSubstring;

namespace {

using Batch = Eigen::ArrayXXf;
using End = azula::PoolEnd<Batch>;

/// Every value by itself, and not linearly. `before` sees what is evaluated.
struct Elementwise {
  azula::VPSchedule vp;
  std::function<void(const Batch&, const azula::SampleTimes&)> before = {};

  const auto& schedule() const { return vp; }
  static float mean(float x, double t) { return std::tanh(x * static_cast<float>(1 - t / 2)); }

  void operator()(const Batch& x_t, double t, Batch& mean_) const {
    mean_ = x_t.unaryExpr([&](float x) { return mean(x, t); });
  }
  void operator()(const Batch& x_t, const azula::SampleTimes& times, Batch& mean_) const {
    if (before) before(x_t, times);
    for (Eigen::Index j = 0; j < x_t.cols(); ++j) {
      mean_.col(j) = x_t.col(j).unaryExpr([&](float x) { return mean(x, times(j)); });
    }
  }
};

using AnySampler = azula::Sampler<Elementwise, azula::AnyMethod>;

AnySampler sampler(const std::string& method, std::ptrdiff_t steps = 4) {
  return {Elementwise{}, azula::AnyMethod(method), {.start = 0.9, .stop = 0.1, .steps = steps, .silent = true}};
}

Batch some(Eigen::Index count, std::uint64_t seed, Eigen::Index size = 5) {
  Batch x(size, count);
  Eigen::Map<Eigen::ArrayXf> values(x.data(), x.size());
  azula::NormalSource(seed).fill(values);
  return x;
}

bool same_bits(const Batch& a, const Batch& b) {
  return azula::same_shape(a, b) && (a == b).all();
}

/// What has become of the requests of a pool, by their number.
struct Ends {
  std::map<std::uint64_t, End> ends = {};
  std::vector<std::uint64_t> order = {};

  auto callback() {
    return [this](const End& end) {
      CHECK(ends.emplace(end.id, end).second);
      order.push_back(end.id);
    };
  }
  const End& operator[](std::uint64_t id) const { return ends.at(id); }
};

std::string message(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& what) {
    return what.what();
  }
}

template <class P>
void tick_to_the_end(P& pool) {
  while (pool.tick()) {
  }
}

}  // namespace

TEST_CASE("requests of all methods at once have the bits that each has alone", "[pool]") {
  std::size_t largest = 0;
  azula::Pool<Batch> pool(
      Elementwise{{}, [&](const Batch& x, const auto&) { largest = std::max(largest, std::size_t(x.cols())); }},
      {.capacity = 300});
  Ends ends;
  struct Wanted {
    std::string method;
    Batch x;
    std::ptrdiff_t evaluations;
  };
  std::map<std::uint64_t, Wanted> wanted;
  std::uint64_t seed = 0;
  for (const std::string& method : azula::method_names()) {
    ++seed;
    const AnySampler alone = sampler(method, 3 + std::ptrdiff_t(seed % 9));
    const Batch x = some(1 + Eigen::Index(seed % 3), seed);
    azula::NormalSource random(seed);
    const std::uint64_t id = pool.submit(alone, x, {.random = random, .end = ends.callback()});
    wanted[id] = {method, alone(x, random), alone.evaluations()};
    if (seed % 4 == 0) pool.tick();  // so that others are under way when it comes
  }
  tick_to_the_end(pool);
  REQUIRE(ends.ends.size() == wanted.size());
  for (const auto& [id, expected] : wanted) {
    CAPTURE(expected.method);
    CHECK(ends[id].outcome == PoolOutcome::finished);
    CHECK(same_bits(ends[id].state, expected.x));
    CHECK(ends[id].evaluations == expected.evaluations);
    CHECK(ends[id].error == nullptr);
  }
  CHECK(largest > 50);  // they did share it
}

TEST_CASE("stages without an evaluation are taken without the network", "[pool]") {
  int calls = 0;
  azula::Pool<Batch> pool(Elementwise{{}, [&](const auto&, const auto&) { ++calls; }});
  const azula::Sampler churned(Elementwise{}, azula::Churned<azula::Euler>{{}, {.s_churn = 3, .first = true}},
                               {.start = 0.9, .stop = 0.1, .steps = 5});
  REQUIRE(churned.evaluations() < std::ssize(churned.stages()));
  REQUIRE_FALSE(churned.stages().front().evaluates);
  azula::NormalSource random(3);
  Ends ends;
  const auto id = pool.submit(churned, some(2, 1), {.random = random, .end = ends.callback()});
  tick_to_the_end(pool);
  CHECK(calls == churned.evaluations());
  CHECK(same_bits(ends[id].state, churned(some(2, 1), random)));
}

TEST_CASE("who comes first is served first, and the batch never exceeds the capacity", "[pool]") {
  Eigen::Index largest = 0;
  azula::Pool<Batch> pool(Elementwise{{}, [&](const Batch& x, const auto&) { largest = std::max(largest, x.cols()); }},
                          {.capacity = 4});
  Ends ends;
  for (const Eigen::Index count : {2, 1, 4, 1, 1, 3}) {  // the third does not fit, and the fourth waits behind it
    pool.submit(sampler("Euler"), some(count, 1), {.end = ends.callback()});
  }
  tick_to_the_end(pool);
  CHECK(largest == 4);
  CHECK(ends.order == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  // 4 ticks for the first two, 4 for the third, 4 for two of one sample, 4 for the last.
  CHECK(ends[6].evaluations == 4);
}

TEST_CASE("a request that comes later is not held up by those that are under way", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{});
  Ends ends;
  pool.submit(sampler("Euler", 30), some(1, 1), {.end = ends.callback()});
  for (int i = 0; i < 10; ++i) pool.tick();
  pool.submit(sampler("xEAB2", 3), some(1, 2), {.end = ends.callback()});
  for (int i = 0; i < 3; ++i) pool.tick();
  CHECK(ends.order == std::vector<std::uint64_t>{2});
  CHECK(pool.size() == 1);
}

TEST_CASE("an exception of the network ends those of its batch and no other", "[pool]") {
  bool broken = false;
  azula::Pool<Batch> pool(Elementwise{{},
                                      [&](const auto&, const auto&) {
                                        if (broken) throw std::domain_error("no engine");
                                      }},
                          {.capacity = 2});
  Ends ends;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U})
    pool.submit(sampler("Heun"), some(1, seed), {.end = ends.callback()});
  pool.tick();
  broken = true;
  CHECK(pool.tick());
  broken = false;
  CHECK(ends.order == std::vector<std::uint64_t>{1, 2});
  for (const std::uint64_t id : {1U, 2U}) {
    CHECK(ends[id].outcome == PoolOutcome::failed);
    CHECK(message(ends[id].error) == "no engine");
    CHECK(ends[id].evaluations == 1);
  }
  tick_to_the_end(pool);
  for (const std::uint64_t id : {3U, 4U}) CHECK(same_bits(ends[id].state, sampler("Heun")(some(1, id))));
}

TEST_CASE("a mean that is not finite ends the request that it belongs to", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{});
  Ends ends;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Batch x = some(2, seed);
    if (seed == 2) x(3, 1) = std::nanf("");
    pool.submit(sampler("xEAB2"), x, {.end = ends.callback()});
  }
  tick_to_the_end(pool);
  CHECK(ends[2].outcome == PoolOutcome::failed);
  CHECK_THAT(message(ends[2].error),
             ContainsSubstring("the mean must be finite, got NaN or infinity in step 0 of xEAB<2>, at time 0.9, in sample 1"));
  for (const std::uint64_t id : {1U, 3U}) CHECK(same_bits(ends[id].state, sampler("xEAB2")(some(2, id))));
}

TEST_CASE("a step callback sees what an observer sees, and may stop or fail its request", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{});
  Ends ends;
  const auto watched = [](auto& seen, std::ptrdiff_t last) {
    return [&seen, last](const azula::StepInfo& info, const Batch& x, const Batch& mean) {
      seen.push_back(
          {double(info.index), double(info.steps), info.time, info.next, double(x.sum()), double(mean.sum())});
      return info.index < last;
    };
  };
  std::vector<std::vector<double>> alone, stopped, whole;
  sampler("Heun")(some(2, 1), watched(alone, 99));
  pool.submit(sampler("Heun"), some(2, 1), {.step = watched(whole, 99), .end = ends.callback()});
  pool.submit(sampler("Heun"), some(2, 1), {.step = watched(stopped, 1), .end = ends.callback()});
  pool.submit(sampler("Heun"), some(2, 1),
              {.step = [](const auto&, const auto&, const auto&) -> bool { throw std::domain_error("full"); },
               .end = ends.callback()});
  tick_to_the_end(pool);
  CHECK(whole == alone);
  CHECK(ends[1].outcome == PoolOutcome::finished);
  CHECK(stopped == std::vector(alone.begin(), alone.begin() + 2));
  CHECK(ends[2].outcome == PoolOutcome::stopped);
  CHECK(ends[2].steps == 2);
  CHECK(ends[3].outcome == PoolOutcome::failed);
  CHECK(message(ends[3].error) == "full");
}

TEST_CASE("a request can be cancelled while it waits and while it is under way", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{}, {.capacity = 1});
  Ends ends;
  for (int i = 0; i < 4; ++i) pool.submit(sampler("Euler"), some(1, 1), {.end = ends.callback()});
  pool.tick();
  pool.cancel(1);
  pool.cancel(3);
  pool.cancel(3);
  pool.cancel(77);  // there is none
  pool.tick();
  CHECK(ends.order == std::vector<std::uint64_t>{1, 3});
  CHECK(ends[1].outcome == PoolOutcome::cancelled);
  CHECK(ends[1].steps == 1);
  CHECK(ends[3].steps == 0);
  pool.cancel(3);  // it has ended
  tick_to_the_end(pool);
  CHECK(ends.order == std::vector<std::uint64_t>{1, 3, 2, 4});
  CHECK(ends[4].outcome == PoolOutcome::finished);
}

TEST_CASE("a denoiser is made for the conditions of a batch when requests have come or gone", "[pool]") {
  struct Wish {
    float shift;
  };
  std::vector<std::vector<float>> seen;
  const auto make = [&](std::span<const Wish> wishes) {
    std::vector<float> shifts;
    for (const Wish& wish : wishes) shifts.push_back(wish.shift);
    seen.push_back(shifts);
    if (shifts.back() < 0) throw std::domain_error("no such wish");
    return azula::FunctionDenoiser(
        [shifts](const Batch& x, const azula::SampleTimes&) {
          return Batch(x.rowwise() * Eigen::Map<const Eigen::RowVectorXf>(shifts.data(), x.cols()).array());
        },
        azula::VPSchedule{});
  };
  azula::Pool<Batch, Wish> pool(make);
  Ends ends;
  const auto alone = [&](float shift, const Batch& x) {
    const auto one = [=](const Batch& x_t, double) { return Batch(x_t * shift); };
    return azula::Sampler(azula::FunctionDenoiser(one, azula::VPSchedule{}), azula::AnyMethod("Euler"),
                          sampler("Euler").timesteps())(x);
  };
  pool.submit(sampler("Euler"), some(2, 1), {.condition = {0.5F}, .end = ends.callback()});
  pool.tick();
  pool.submit(sampler("Euler"), some(1, 2), {.condition = {0.25F}, .end = ends.callback()});
  tick_to_the_end(pool);
  CHECK(seen == std::vector<std::vector<float>>{{0.5, 0.5}, {0.5, 0.5, 0.25}, {0.25}});
  CHECK(same_bits(ends[1].state, alone(0.5F, some(2, 1))));
  CHECK(same_bits(ends[2].state, alone(0.25F, some(1, 2))));
  pool.submit(sampler("Euler"), some(1, 2), {.condition = {-1}, .end = ends.callback()});
  tick_to_the_end(pool);
  CHECK(message(ends[3].error) == "no such wish");
}

TEST_CASE("callbacks may submit and cancel, and what an end throws harms no other", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{});
  Ends ends;
  pool.submit(sampler("Euler", 2), some(1, 1), {.end = [&](const End&) {
                pool.submit(sampler("Euler"), some(1, 3), {.end = ends.callback()});
                throw std::domain_error("gone");
              }});
  pool.submit(sampler("Euler"), some(1, 2),
              {.step =
                   [&](const azula::StepInfo& info, const auto&, const auto&) {
                     if (info.index == 2) pool.cancel(2);
                     return true;
                   },
               .end = ends.callback()});
  pool.tick();
  CHECK(complaint<std::domain_error>([&] { pool.tick(); }) == "gone");
  tick_to_the_end(pool);
  CHECK(ends[2].outcome == PoolOutcome::cancelled);
  CHECK(ends[2].steps == 3);
  CHECK(same_bits(ends[3].state, sampler("Euler")(some(1, 3))));
}

TEST_CASE("a denoiser is not copied when requests come, and one held by reference is the one that is asked", "[pool]") {
  struct Counted : Elementwise {
    explicit Counted(int& the_copies) : copies(&the_copies) {}
    Counted(const Counted& other) : Elementwise(other), copies(other.copies) { ++*copies; }
    int* copies;
  };
  int copies = 0, calls = 0;
  Counted denoiser(copies);
  denoiser.before = [&](const auto&, const auto&) { ++calls; };
  azula::Pool<Batch> by_reference(std::cref(denoiser));
  CHECK(copies == 0);
  azula::Pool<Batch> by_value(denoiser);
  const int after = copies;
  for (azula::Pool<Batch>* pool : {&by_reference, &by_value}) {
    for (std::uint64_t i = 0; i < 3; ++i) {
      pool->submit(sampler("Euler", 3), some(1, i));
      pool->tick();
    }
    tick_to_the_end(*pool);
  }
  CHECK(copies == after);
  CHECK(calls == 2 * 5);
}

TEST_CASE("a mean of another shape ends its batch, and the next one is given memory of its own shape", "[pool]") {
  bool broken = true;
  const azula::FunctionDenoiser denoiser(
      [&](const Batch& x, const azula::SampleTimes&, Batch& mean) {
        if (broken) mean.resize(1, 1);
        REQUIRE((broken || azula::same_shape(mean, x)));
        mean.setZero();
      },
      azula::VPSchedule{});
  azula::Pool<Batch> pool(denoiser);
  Ends ends;
  pool.submit(sampler("Euler"), some(2, 1), {.end = ends.callback()});
  tick_to_the_end(pool);
  CHECK_THAT(message(ends[1].error), ContainsSubstring("the mean must have the shape of the state, 5 x 2, got 1 x 1"));
  broken = false;
  pool.submit(sampler("Euler"), some(2, 1), {.end = ends.callback()});
  tick_to_the_end(pool);
  CHECK(ends[2].outcome == PoolOutcome::finished);
}

TEST_CASE("a pool runs tensors and doubles, too", "[pool]") {
  using Tensor = Eigen::Tensor<double, 3, Eigen::RowMajor>;
  struct Halved {
    azula::VPSchedule vp;
    const auto& schedule() const { return vp; }
    Tensor operator()(const Tensor& x_t, double) const { return x_t * 0.5; }
    Tensor operator()(const Tensor& x_t, const azula::SampleTimes&) const { return x_t * 0.5; }
  };
  const azula::Sampler alone(Halved{}, azula::zAB<3>{}, {.steps = 6});
  azula::Pool<Tensor> pool(Halved{});
  Tensor x(2, 3, 4), y;
  x.setRandom();
  pool.submit(alone, x, {.end = [&](azula::PoolEnd<Tensor> end) { y = std::move(end.state); }});
  pool.submit(alone, x);
  tick_to_the_end(pool);
  const Tensor expected = alone(x);
  CHECK(std::equal(y.data(), y.data() + y.size(), expected.data(), expected.data() + expected.size()));
}

TEST_CASE("what a pool cannot serve is refused when it is submitted", "[pool]") {
  azula::Pool<Batch> pool(Elementwise{}, {.capacity = 3});
  const auto answer = [&](const std::string& method, const Batch& x) {
    return complaint([&] { pool.submit(sampler(method), x); });
  };
  CHECK(answer("Euler", some(2, 1)).empty());
  CHECK(answer("Euler", Batch(5, 4)) == "azula::Pool: a state must have at most 3 samples, the capacity, got 4");
  CHECK(answer("Euler", Batch(5, 0)) == "azula::Pool: a state must have at least 1 sample, got 0");
  CHECK(answer("Euler", some(1, 1, 6)) ==
        "azula::Pool: states must have samples of the shape of those before, 5 x 1, got 6 x 1");
  CHECK(answer("DDPM", some(1, 1)) ==
        "azula::Pool: DDPM draws noise, and its request must have a random source, got none");
  CHECK(pool.size() == 1);
  pool.close();
  CHECK(complaint<std::logic_error>([&] { pool.submit(sampler("Euler"), some(1, 1)); }) ==
        "azula::Pool: submit() after close()");
  pool.run();
  CHECK(pool.size() == 0);
  CHECK(complaint([] { azula::Pool<Batch>(Elementwise{}, {.capacity = 0}); }) ==
        "azula::Pool: capacity must be at least 1, got 0");
}
