#include "azula/sample/parallel.hpp"

#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <latch>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <version>

#ifdef __cpp_lib_jthread
#include <stop_token>
#endif

#include "azula/denoise/function_denoiser.hpp"
#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/method.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"
#include "azula/random/normal_source.hpp"
#include "azula/random/shard_source.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"

using azula::NormalSource;
using azula::parallel;
using azula::Sampler;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<int> thread_counts{0, 1, 2, 3, 5, 8, 100};

/// Every value by itself, and not linearly.
struct Elementwise {
  azula::VPSchedule vp;

  const auto& schedule() const { return vp; }
  template <azula::State X>
  void operator()(const X& x_t, double t, X& mean) const {
    using T = azula::scalar_t<X>;
    for (Eigen::Index i = 0; i < static_cast<Eigen::Index>(x_t.size()); ++i) {
      mean.data()[i] = std::tanh(x_t.data()[i] * T(1 - t / 2));
    }
  }
};

/// Calls `before`, then takes the state for the mean: what happens in an evaluation, and how many there are.
/// Sees nothing but plain arrays, as many a user's denoiser.
struct Hooked {
  azula::VPSchedule vp;
  std::function<void(const Eigen::ArrayXXd&)> before;
  mutable std::atomic<int> evaluations = 0;

  const auto& schedule() const { return vp; }
  Eigen::ArrayXXd operator()(const Eigen::ArrayXXd& x_t, double) const {
    ++evaluations;
    before(x_t);
    return x_t;
  }
};

/// A stop token of one's own, for a library that has none.
struct Asked {
  const std::atomic<bool>* stop;

  bool stop_requested() const { return *stop; }
};

/// Sample i has all values equal to i.
Eigen::ArrayXXd numbered(Eigen::Index samples) {
  return Eigen::RowVectorXd::LinSpaced(samples, 0, static_cast<double>(samples - 1)).replicate(3, 1).array();
}

template <class X>
bool same_bits(const X& x, const X& y) {
  return azula::same_shape(x, y) && (azula::samples(x) == azula::samples(y)).all();
}

/// One thread against several, with and without noise. The source ends where it would have.
template <class X, class M>
void check_threads(const X& x, const M& method) {
  const Sampler sampler(Elementwise{}, method, {.steps = 6});
  NormalSource random(42, 5), same(42, 5);
  random.skip(3);
  same.skip(3);
  const X serial = sampler(x, random);
  for (const int threads : thread_counts) {
    INFO(azula::shape_text(x) << " with " << threads << " threads, " << method.name());
    same.rewind(3);
    CHECK(same_bits<X>(parallel(sampler, x, same, threads), serial));
    CHECK(same.draw() == random.draw());
  }
}

template <class X>
X filled(X x) {
  NormalSource(1).fill(Eigen::Map<Eigen::ArrayX<azula::scalar_t<X>>>(x.data(), x.size()));
  return x;
}

/// One method that draws noise, and one that remembers.
template <class X>
void check_methods(const X& x) {
  check_threads(x, azula::DDPM{});
  check_threads(x, azula::xEAB<3>{});
}

}  // namespace

TEST_CASE("a batch has the same bits for any number of threads", "[threads]") {
  for (const Eigen::Index samples : {0, 1, 2, 7, 20}) {
    for (const Eigen::Index size : {1, 3, 64, 129}) {
      check_methods(filled(Eigen::ArrayXXf(size, samples)));
    }
  }
}

TEST_CASE("whatever holds the samples is cut between them", "[threads]") {
  check_methods(filled(Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>(7, 5)));
  check_methods(filled(Eigen::Tensor<float, 3>(3, 5, 7)));
  // Where samples are cut is a matter of the type alone, so one method does for the others.
  const auto check = [](const auto& x) { check_threads(x, azula::DDPM{}); };
  check(filled(Eigen::ArrayXXd(5, 7)));
  check(filled(Eigen::MatrixXf(5, 7)));
  check(filled(Eigen::Array<float, 3, Eigen::Dynamic>(3, 7)));
  check(filled(Eigen::Array<float, Eigen::Dynamic, 3, Eigen::RowMajor>(7, 3)));
  check(filled(Eigen::ArrayXf(35)));
  check(filled(Eigen::RowVectorXd(35)));
  check(filled(Eigen::Array3d()));
  check(filled(Eigen::Tensor<float, 1>(35)));
  check(filled(Eigen::TensorFixedSize<float, Eigen::Sizes<35>>()));
  check(filled(Eigen::Tensor<double, 4, Eigen::RowMajor>(7, 2, 3, 5)));
}

TEST_CASE("foreign memory is advanced in place by several threads", "[threads]") {
  const Sampler sampler(Elementwise{}, azula::DDPM{}, {.steps = 5});
  const Eigen::ArrayXXd x = numbered(10);
  NormalSource random(3);
  const Eigen::ArrayXXd serial = sampler(x, random);

  Eigen::ArrayXXd memory = x;
  random.rewind();
  const auto result = parallel(sampler, Eigen::Map<Eigen::ArrayXXd>(memory.data(), 3, 10), random, 3);
  CHECK(result.data() == memory.data());
  CHECK(same_bits(memory, serial));

  memory = x;
  random.rewind();
  parallel(sampler, Eigen::Map<Eigen::ArrayXd>(memory.data(), 30), random, 3);  // a vector: one sample
  random.rewind();
  const Eigen::ArrayXd one = x.reshaped();
  CHECK(same_bits<Eigen::ArrayXd>(memory.reshaped(), sampler(one, random)));

  memory = x;
  random.rewind();
  parallel(sampler, Eigen::TensorMap<Eigen::Tensor<double, 2>>(memory.data(), 3, 10), random, 3);
  CHECK(same_bits(memory, serial));
}

TEST_CASE("an expression is drawn from as on one thread", "[threads]") {
  const Sampler sampler(Elementwise{}, azula::DDIM{}, {.steps = 5});
  const Eigen::ArrayXXd x = numbered(10);
  CHECK(same_bits<Eigen::ArrayXXd>(parallel(sampler, 2 * x.leftCols(5), 2), sampler(2 * x.leftCols(5))));
}

TEST_CASE("a denoiser held by reference is the one that all threads call", "[threads]") {
  const Hooked denoiser{{}, [](const auto&) {}, 0};
  const Sampler sampler(std::ref(denoiser), azula::Euler{}, {.steps = 5});
  parallel(sampler, numbered(10), 4);
  CHECK(denoiser.evaluations == 4 * 5);
}

TEST_CASE("a seed per sample goes with the sample to its thread", "[threads]") {
  const Sampler sampler(Elementwise{}, azula::DDPM{}, {.steps = 5});
  const Eigen::ArrayXXd x = numbered(7);
  NormalSource random(std::vector{7, 9, 4, 7, 1, 2, 3});
  const Eigen::ArrayXXd serial = sampler(x, random);
  random.rewind();
  CHECK(same_bits<Eigen::ArrayXXd>(parallel(sampler, x, random, 3), serial));
  CHECK_THAT(complaint([&] { parallel(sampler, numbered(8), random, 3); }),
             ContainsSubstring("azula::NormalSource: one seed per sample is needed, got 7 seeds for 8 samples"));
}

TEST_CASE("threads follow one Brownian path", "[threads]") {
  const azula::VPSchedule schedule;
  const azula::BrownianOptions path{.start = 0.9, .stop = 0.1, .first = 3};
  azula::BrownianSource random(5, azula::log_rho_clock(schedule), path), same(5, azula::log_rho_clock(schedule), path);
  const Eigen::ArrayXXd x = numbered(7);
  const Sampler ddpm(Elementwise{}, azula::DDPM{}, {.start = 0.9, .stop = 0.1, .steps = 5});
  CHECK(same_bits<Eigen::ArrayXXd>(parallel(ddpm, x, same, 3), ddpm(x, random)));
  const Sampler pc(Elementwise{}, azula::PC{.corrections = 2}, {.start = 0.9, .stop = 0.1, .steps = 5});
  for (int i = 0; i < 2; ++i) {  // correctors' draws belong to no step and are counted, from call to call
    CHECK(same_bits<Eigen::ArrayXXd>(parallel(pc, x, same, 3), pc(x, random)));
  }
}

TEST_CASE("the shares are drawn side by side", "[threads]") {
  std::latch all_are_here(4);  // or this would wait for ever
  thread_local bool arrived = false;
  const Hooked denoiser{{}, [&](const auto&) {
                          if (!std::exchange(arrived, true)) all_are_here.arrive_and_wait();
                        }, 0};
  arrived = false;
  parallel(Sampler(std::ref(denoiser), azula::Euler{}, {.steps = 3}), numbered(8), 4);
  CHECK(denoiser.evaluations == 4 * 3);
}

TEST_CASE("an exception of a denoiser arrives and stops the other threads", "[threads]") {
  std::latch all_are_here(3);
  const Hooked denoiser{{}, [&](const Eigen::ArrayXXd& x_t) {
                          thread_local bool arrived = false;
                          if (!std::exchange(arrived, true)) all_are_here.count_down();
                          all_are_here.wait();
                          if (x_t(0, 0) == 4) throw std::domain_error("no engine");
                          std::this_thread::sleep_for(std::chrono::milliseconds(1));
                        }, 0};
  // Ten seconds of steps for those that were not stopped.
  const Sampler sampler(std::ref(denoiser), azula::Euler{}, {.steps = 10'000});
  Eigen::ArrayXXd memory = numbered(6);
  std::thread caller([&] {  // on a thread of its own, for thread_local
    Eigen::Map<Eigen::ArrayXXd> x(memory.data(), 3, 6);
    CHECK(complaint<std::domain_error>([&] { parallel(sampler, x, 3); }) == "no engine");
  });
  caller.join();
  CHECK(denoiser.evaluations < 10'000);
  CHECK((memory == numbered(6)).all());
}

TEST_CASE("of several exceptions that of the first samples arrives", "[threads]") {
  for (int i = 0; i < 50; ++i) {
    std::latch all_are_here(3);
    const Hooked denoiser{{}, [&](const Eigen::ArrayXXd& x_t) {
                            all_are_here.arrive_and_wait();
                            if (x_t(0, 0) > 0) throw std::domain_error(azula::show(x_t(0, 0)));
                          }, 0};
    const Sampler sampler(std::ref(denoiser), azula::Euler{}, {.steps = 1});
    REQUIRE(complaint<std::domain_error>([&] { parallel(sampler, numbered(6), 3); }) == "2");
  }
}

TEST_CASE("errors of the sampler arrive as on one thread", "[threads]") {
  const Hooked broken{{}, [](const Eigen::ArrayXXd& x_t) {
                        if (x_t(0, 0) > 3) throw std::runtime_error("unreachable");
                      }, 0};
  Eigen::ArrayXXd x = numbered(4);
  x(1, 3) = std::nan("");
  CHECK_THAT(complaint<std::runtime_error>([&] {
               parallel(Sampler(std::ref(broken), azula::Euler{}, {.steps = 5}), x, 2);
             }),
             ContainsSubstring("the mean must be finite, got NaN or infinity in step 0 of Euler, at time 1, in sample 3; "
                               "sample 3 of the state passed to the sampler is not finite either"));
  CHECK_THAT(complaint<std::invalid_argument>([&] {
               parallel(Sampler(Elementwise{}, azula::DDPM{}, {.steps = 5}), numbered(4), 2);
             }),
             ContainsSubstring("DDPM draws noise"));
  CHECK_THAT(complaint<std::invalid_argument>([&] {
               parallel(Sampler(Elementwise{}, azula::DDIM{}, {.steps = 5}), numbered(4), -1);
             }),
             ContainsSubstring("azula::parallel: threads must be at least 0, got -1"));
}

TEST_CASE("a stop request ends all threads before their next evaluation", "[threads]") {
  std::atomic<bool> stop = false;
  std::latch all_are_here(4), stopped(1);
  const Hooked denoiser{{}, [&](const Eigen::ArrayXXd& x_t) {
                          all_are_here.arrive_and_wait();
                          if (x_t(0, 0) == 4) {
                            stop = true;
                            stopped.count_down();
                          }
                          stopped.wait();
                        }, 0};
  const Sampler sampler(std::ref(denoiser), azula::DDPM{}, {.steps = 50});
  Eigen::ArrayXXd memory = numbered(8);
  NormalSource random(1);
  CHECK_FALSE(parallel(sampler, Eigen::Map<Eigen::ArrayXXd>(memory.data(), 3, 8), random, 4, Asked{&stop}));
  CHECK(denoiser.evaluations == 4);
  CHECK((memory == numbered(8)).all());
}

TEST_CASE("without a stop request there is a result", "[threads]") {
  const std::atomic<bool> stop = false;
  const Sampler sampler(Elementwise{}, azula::DDPM{}, {.steps = 5});
  NormalSource random(1), same(1);
  const std::optional<Eigen::ArrayXXd> result = parallel(sampler, numbered(8), random, 3, Asked{&stop});
  REQUIRE(result.has_value());
  CHECK(same_bits<Eigen::ArrayXXd>(*result, sampler(numbered(8), same)));
}

#ifdef __cpp_lib_jthread
TEST_CASE("a std::stop_token's request from before lets nothing begin", "[threads]") {
  std::stop_source stop;
  const Hooked denoiser{{}, [](const auto&) {}, 0};
  const Sampler sampler(std::ref(denoiser), azula::Euler{}, {.steps = 5});
  CHECK(parallel(sampler, numbered(8), 2, stop.get_token()));
  denoiser.evaluations = 0;
  stop.request_stop();
  for (const int threads : thread_counts) CHECK_FALSE(parallel(sampler, numbered(8), threads, stop.get_token()));
  CHECK(denoiser.evaluations == 0);
}
#endif

TEST_CASE("calls from several threads share a sampler", "[threads]") {
  const Sampler sampler(Elementwise{}, azula::DDPM{}, {.steps = 5});
  NormalSource random(1);
  const Eigen::ArrayXXd serial = sampler(numbered(8), random);
  std::array<Eigen::ArrayXXd, 3> results;
  std::vector<std::thread> callers;
  for (Eigen::ArrayXXd& result : results) {
    callers.emplace_back([&] { result = parallel(sampler, numbered(8), NormalSource(1), 2); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const Eigen::ArrayXXd& result : results) CHECK(same_bits(result, serial));
}

TEST_CASE("a sampler for each share knows the labels of its samples", "[parallel]") {
  const auto labelled = [](const Eigen::ArrayXd& labels) {
    return azula::FunctionDenoiser(
        [labels](const Eigen::ArrayXXd& x_t, double) {
          return Eigen::ArrayXXd(labels.transpose().replicate(x_t.rows(), 1));
        },
        azula::VPSchedule{});
  };
  const auto sampler = [&](const Eigen::ArrayXd& labels) {
    return Sampler(labelled(labels), azula::DDPM{}, {.steps = 4, .silent = true});
  };
  const Eigen::ArrayXd labels = Eigen::ArrayXd::LinSpaced(11, 0, 10);
  const Eigen::ArrayXXd x = numbered(11);
  NormalSource random(4), same(4);
  const Eigen::ArrayXXd expected = sampler(labels)(x, random);
  REQUIRE((expected - sampler(labels.reverse())(x, same)).abs().maxCoeff() > 1);  // so labels matter
  for (const int threads : thread_counts) {
    same.rewind();
    const auto of = [&](const azula::Share& share) { return sampler(labels.segment(share.first, share.count)); };
    REQUIRE(same_bits(parallel(of, x, same, threads), expected));
  }
}

TEST_CASE("a part of a larger batch is drawn alike by any number of threads", "[parallel]") {
  const Sampler sampler(azula::GaussianDenoiser(2.0, 0.25, azula::VPSchedule{}), azula::DDPM{}, {.steps = 20});
  const Eigen::ArrayXXd x = numbered(8);
  const auto draw = [&](int threads, const auto& make) {
    NormalSource random(1);
    const Eigen::ArrayXXd result = make(random, [&](auto& part) {
      return threads == 0 ? sampler(x, part) : parallel(sampler, x, part, threads);
    });
    CHECK(random.draw() == 20);
    return result;
  };
  const auto part = [](NormalSource& random, const auto& sample) {
    azula::ShardSource shard(random, {100, 3}, 40);
    return sample(shard);
  };
  const auto part_of_part = [](NormalSource& random, const auto& sample) {
    azula::ShardSource shard(random, {100, 3}, 30);
    azula::ShardSource inner(shard, {60, 3}, 10);
    return sample(inner);
  };
  const Eigen::ArrayXXd expected = draw(0, part);
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    REQUIRE(same_bits(draw(threads, part), expected));
    REQUIRE(same_bits(draw(threads, part_of_part), expected));
  }
}
