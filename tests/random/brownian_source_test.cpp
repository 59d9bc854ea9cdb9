#include "catch.hpp"
#include "random/digest.hpp"
#include "support/complaint.hpp"

#include "azula/concepts.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/random/brownian_source.hpp"
#include "azula/random/clock.hpp"

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

using azula::BrownianSource;
using azula::SampleShape;
using azula::time_clock;

using PathInTime = BrownianSource<decltype(time_clock())>;
static_assert(azula::AddressedSource<PathInTime, float> && azula::AddressedSource<PathInTime, double>);

namespace {

constexpr SampleShape shape{50, 1000};

template <class Source>
Eigen::ArrayXd step(Source& source, double from, double to, SampleShape cut = shape) {
  Eigen::ArrayXd values(cut.samples * cut.size);
  source.next({cut, from, to}).fill(values, 0);
  return values;
}

/// Correlation in standard errors; 0 if independent.
double correlation(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
  return (a * b).sum() / std::sqrt(static_cast<double>(a.size()));
}

}  // namespace

TEST_CASE("the bits of a path are what they have always been", "[brownian]") {
  CHECK(brownian_digest() == 0xE8B965446BD5861F);
}

TEST_CASE("increments of the parts of a step add up to that of the whole", "[brownian][long]") {
  PathInTime path(1, time_clock());
  for (const auto& [from, to] : {std::array{1.0, 0.0}, std::array{0.9, 0.1}, std::array{0.5, 0.4999}}) {
    Eigen::ArrayXd sum = Eigen::ArrayXd::Zero(shape.samples * shape.size);
    const int parts = 7;
    // Points as the path sees them: multiples of 2^-24.
    const auto point = [&, from = from, to = to](int i) {
      return std::round(std::ldexp(from + (to - from) * i / parts, 24)) * 0x1p-24;
    };
    for (int i = 0; i < parts; ++i) sum += std::sqrt(point(i) - point(i + 1)) * step(path, point(i), point(i + 1));
    const Eigen::ArrayXd whole = std::sqrt(point(0) - point(parts)) * step(path, from, to);
    CHECK((sum - whole).abs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("a step has the same increment in whatever order steps are asked for", "[brownian]") {
  PathInTime path(1, time_clock()), other(1, time_clock());
  const Eigen::ArrayXd early = step(path, 0.8, 0.7), late = step(path, 0.4, 0.1);
  CHECK((step(other, 0.4, 0.1) == late).all());
  CHECK((step(other, 0.8, 0.7) == early).all());
  CHECK((step(other, 0.8, 0.7) == early).all());
  CHECK((step(other, 0.7, 0.8) == -early).all());
}

TEST_CASE("increments are standard normal for steps of any length and place", "[brownian][long]") {
  PathInTime path(2, time_clock());
  const double n = static_cast<double>(shape.samples * shape.size);
  for (const double from : {1.0, 0.75, 0.7, 0.3, 0.001}) {
    for (const double length : {1e-6, 1e-4, 0.0123, 0.25, 1.0}) {
      if (length > from) continue;
      const Eigen::ArrayXd values = step(path, from, from - length);
      INFO("from " << from << " over " << length);
      CHECK(std::fabs(values.mean()) < 4.5 / std::sqrt(n));
      CHECK(std::fabs(values.square().mean() - 1) < 4.5 * std::sqrt(2 / n));
      CHECK(std::fabs(values.square().square().mean() - 3) < 4.5 * std::sqrt(96 / n));
    }
  }
}

TEST_CASE("steps that do not overlap are independent, and others as far as they do", "[brownian][long]") {
  PathInTime path(3, time_clock());
  const std::vector<double> times{1.0, 0.9, 0.51, 0.5, 0.25, 0.2, 1e-3, 0.0};
  std::vector<Eigen::ArrayXd> steps;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) steps.push_back(step(path, times[i], times[i + 1]));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK(std::fabs(correlation(steps[i], steps[j])) < 4.5);
  }
  // [0.2, 0.6] and [0.4, 0.8] share a half: the correlation is 1/2, with a standard error of √(1 + 1/4)/√n.
  const Eigen::ArrayXd a = step(path, 0.6, 0.2), b = step(path, 0.8, 0.4);
  CHECK(std::fabs((a * b).mean() - 0.5) < 4.5 * std::sqrt(1.25 / static_cast<double>(a.size())));
}

TEST_CASE("samples and elements have paths of their own", "[brownian]") {
  PathInTime path(4, time_clock());
  const Eigen::ArrayXd values = step(path, 0.7, 0.3, {2, 50'000});
  CHECK(std::fabs(correlation(values.head(50'000), values.tail(50'000))) < 4.5);
  CHECK(std::fabs(correlation(values.head(49'999), values.segment(1, 49'999))) < 4.5);
}

TEST_CASE("a path does not depend on batch or blocks", "[brownian]") {
  PathInTime batch(5, time_clock(), {.first = 3});
  const Eigen::ArrayXd all = step(batch, 0.7, 0.3, {4, 700});
  for (std::int64_t i = 0; i < 4; ++i) {
    PathInTime alone(5, time_clock(), {.first = 3 + i});
    CHECK((step(alone, 0.7, 0.3, {1, 700}) == all.segment(700 * i, 700)).all());
  }
  const auto draw = batch.next({{4, 700}, 0.7, 0.3});
  Eigen::ArrayXd parts(2800);
  for (std::ptrdiff_t from = 0, block = 1; from < 2800; from += block, block = block * 7 % 1021) {
    block = std::min<std::ptrdiff_t>(block, 2800 - from);
    draw.fill(parts.segment(from, block), from);
  }
  CHECK((parts == all).all());
  Eigen::ArrayXf floats(2800);
  draw.fill(floats, 0);
  CHECK((floats == all.cast<float>()).all());
}

TEST_CASE("with one seed per sample, a path depends on its seed alone", "[brownian]") {
  PathInTime each(std::vector{7, 9}, time_clock()), alone(9, time_clock());
  CHECK((step(each, 0.7, 0.3, {2, 100}).tail(100) == step(alone, 0.7, 0.3, {1, 100})).all());
}

TEST_CASE("draws that belong to no step are independent of the path and of each other", "[brownian]") {
  PathInTime path(6, time_clock());
  const Eigen::ArrayXd first = step(path, 1, 1), second = step(path, 1, 1), whole = step(path, 1, 0);
  CHECK(std::fabs(first.square().mean() - 1) < 4.5 * std::sqrt(2 / static_cast<double>(first.size())));
  CHECK(std::fabs(correlation(first, second)) < 4.5);
  CHECK(std::fabs(correlation(first, whole)) < 4.5);
  path.rewind();
  CHECK((step(path, 0.5, 0.5) == first).all());
}

TEST_CASE("a path may run in any variable that is monotone in time", "[brownian]") {
  const azula::VPSchedule schedule;
  BrownianSource log_path(7, azula::log_rho_clock(schedule));
  BrownianSource path(7, azula::rho_clock(schedule));
  BrownianSource backwards(7, [](double t) { return -3 * t; });
  BrownianSource in_time(7, time_clock());
  for (const auto& values : {step(log_path, 0.9, 0.8), step(path, 0.9, 0.8), step(backwards, 0.9, 0.8)}) {
    CHECK(std::fabs(values.square().mean() - 1) < 4.5 * std::sqrt(2 / static_cast<double>(values.size())));
  }
  // u = -3 t runs through the same tree from the other end, in the same proportions.
  CHECK((step(backwards, 0.75, 0.25) == -step(in_time, 0.75, 0.25)).all());
}

TEST_CASE("clocks are what they say", "[brownian]") {
  const azula::VPSchedule schedule;
  const auto [alpha, sigma] = schedule(0.3);
  CHECK(time_clock()(0.3) == 0.3);
  CHECK(azula::rho_clock(schedule)(0.3) == sigma / alpha);
  CHECK(azula::log_rho_clock(schedule)(0.3) == Catch::Approx(std::log(sigma / alpha)));
}

TEST_CASE("what a path cannot do is an error that names the value", "[brownian]") {
  const auto what = [](const auto& call) { return complaint<std::invalid_argument>(call); };
  PathInTime path(1, time_clock(), {.start = 0.9, .stop = 0.1});
  Eigen::ArrayXd values(1);
  CHECK(what([&] { path.next({{1, 1}, 0.95, 0.5}); }) ==
        "azula::BrownianSource: times must be between 0.9 and 0.1, got 0.95");
  CHECK(what([&] { path.next({{1, 1}, 0.5, 0.05}); }) ==
        "azula::BrownianSource: times must be between 0.9 and 0.1, got 0.05");
  CHECK(what([&] { path.next({{1, 1}, 0.5, std::nan("")}); }) ==
        "azula::BrownianSource: times must be between 0.9 and 0.1, got nan");
  CHECK(what([&] { path.next({{1, 1}, 0.5, 0.50000001}); }) ==
        "azula::BrownianSource: a step must be longer than 2^-24 of the clock's range, "
        "got from time 0.5 to 0.50000001");
  CHECK(what([] { PathInTime(1, time_clock(), {.depth = 0}); }) ==
        "azula::BrownianSource: depth must be in [1, 40], got 0");
  CHECK(what([] { PathInTime(1, time_clock(), {.depth = 41}); }) ==
        "azula::BrownianSource: depth must be in [1, 40], got 41");
  CHECK(what([] { PathInTime(1, time_clock(), {.start = 0.5, .stop = 0.5}); }) ==
        "azula::BrownianSource: the clock must differ between start and stop, got 0.5");
  CHECK(what([] { PathInTime(1, time_clock(), {.first = -1}); }) ==
        "azula::BrownianSource: the first sample must be at least 0, got -1");
  CHECK(what([] { PathInTime(std::vector{1, 2}, time_clock()).next({{3, 1}, 1, 0}); }) ==
        "azula::BrownianSource: one seed per sample is needed, got 2 seeds for 3 samples");
  const azula::RectifiedSchedule rectified{.alpha_min = 0, .sigma_min = 0};
  CHECK(what([&] { BrownianSource(1, azula::rho_clock(rectified)); }) ==
        "azula::BrownianSource: the clock must be finite, got inf at time 1");
  CHECK(what([&] { BrownianSource(1, azula::log_rho_clock(rectified), {.start = 0.99}); }) ==
        "azula::BrownianSource: the clock must be finite, got -inf at time 0");
}
