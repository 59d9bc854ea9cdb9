// The distribution of the noise and its independence: deterministic, since the noise is. Bounds are four to five
// standard errors. "[.long]" does the same on 10^8 values:  azula_tests "[.long]"

#include "catch.hpp"

#include "azula/random/normal_source.hpp"

#include <Eigen/Core>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

using azula::NormalSource;

namespace {

double cumulative(double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }

/// Counts in cells 2^-10 wide between -8 and 8, and sums of powers.
class Histogram {
 public:
  void add(const Eigen::ArrayXd& values) {
    for (const double value : values) ++counts_[static_cast<std::size_t>((value + 8) * 1024)];
    for (std::size_t power = 0; power < 4; ++power) sums_[power] += values.pow(static_cast<double>(power + 1)).sum();
    n_ += static_cast<double>(values.size());
  }

  double moment(std::size_t power) const { return sums_[power - 1] / n_; }

  /// √n max |F_n - Φ| over the cells' ends.
  double kolmogorov_smirnov() const {
    double seen = 0, worst = 0;
    for (std::size_t i = 0; i + 1 < counts_.size(); ++i) {
      seen += counts_[i];
      worst = std::max(worst, std::fabs(seen / n_ - cumulative(end(i))));
    }
    return std::sqrt(n_) * worst;
  }

  /// χ² of cells joined until 100 values are expected in each, in standard deviations from its mean.
  double chi_square() const {
    double square = 0, cells = 0, seen = 0, from = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      const double to = i + 1 == counts_.size() ? 1 : cumulative(end(i)), expected = n_ * (to - from);
      if (expected < 100 || n_ * (1 - to) < 100) {
        if (i + 1 < counts_.size()) continue;
      }
      square += (seen - expected) * (seen - expected) / expected;
      cells += 1;
      seen = 0;
      from = to;
    }
    return (square - (cells - 1)) / std::sqrt(2 * (cells - 1));
  }

  /// Values beyond ±bound, a multiple of 2^-10, in standard deviations from what is expected.
  double tail(double bound) const {
    double seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (end(i) <= -bound || end(i) > bound) seen += counts_[i];
    }
    const double expected = 2 * n_ * cumulative(-bound);
    return (seen - expected) / std::sqrt(expected);
  }

 private:
  static double end(std::size_t cell) { return static_cast<double>(cell + 1) / 1024 - 8; }

  std::vector<double> counts_ = std::vector<double>(16 * 1024);
  std::array<double, 4> sums_{};
  double n_ = 0;
};

void check_distribution(int millions) {
  Histogram histogram;
  NormalSource source(2024);
  Eigen::ArrayXd values(1'000'000);
  for (int i = 0; i < millions; ++i) {  // draws of samples of several sizes
    const std::array<std::ptrdiff_t, 4> batches{1, 100, 10'000, 1'000'000};
    const std::ptrdiff_t samples = batches[static_cast<std::size_t>(i % 4)];
    source.next({{samples, values.size() / samples}}).fill(values, 0);
    histogram.add(values);
  }
  const double n = 1e6 * millions;
  CHECK(std::fabs(histogram.moment(1)) < 4 / std::sqrt(n));
  CHECK(std::fabs(histogram.moment(2) - 1) < 4 * std::sqrt(2 / n));
  CHECK(std::fabs(histogram.moment(3)) < 4 * std::sqrt(15 / n));
  CHECK(std::fabs(histogram.moment(4) - 3) < 4 * std::sqrt(96 / n));
  CHECK(histogram.kolmogorov_smirnov() < 1.95);  // exceeded once in a thousand
  CHECK(std::fabs(histogram.chi_square()) < 4);
  for (const double bound : {2.0, 3.0, 4.0, 4.5, 5.0}) CHECK(std::fabs(histogram.tail(bound)) < 4);
  const double beyond = 2 * n * cumulative(-5.5);  // 0.4 of 10^7 values, 3.8 of 10^8: not quite a normal variable
  CHECK(histogram.tail(5.5) * std::sqrt(beyond) < 5 * std::sqrt(beyond) + 3);
}

/// Correlations of a and b, of their squares and of each with the other's square, and χ² of the pairs in
/// 16 x 16 cells of equal weight, all in standard errors: the largest.
double dependence(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) {
  const double n = static_cast<double>(a.size());
  const Eigen::ArrayXd a2 = (a.square() - 1) / std::sqrt(2.0), b2 = (b.square() - 1) / std::sqrt(2.0);
  double worst = 0;
  for (const double sum : {(a * b).sum(), (a2 * b2).sum(), (a * b2).sum(), (a2 * b).sum()}) {
    worst = std::max(worst, std::fabs(sum) / std::sqrt(n));
  }
  Eigen::ArrayXXd counts = Eigen::ArrayXXd::Zero(16, 16);
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double row = 16 * cumulative(a[i]), column = 16 * cumulative(b[i]);
    counts(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column)) += 1;
  }
  const double square = ((counts - n / 256).square() / (n / 256)).sum();
  return std::max(worst, std::fabs(square - 255) / std::sqrt(2.0 * 255));
}

Eigen::ArrayXd drawn(NormalSource source, azula::SampleShape shape) {
  Eigen::ArrayXd values(shape.samples * shape.size);
  source.next({shape}).fill(values, 0);
  return values;
}

constexpr std::ptrdiff_t count = 500'000;

}  // namespace

TEST_CASE("noise is standard normal: moments, Kolmogorov-Smirnov, chi-square, tails", "[normal][long]") {
  check_distribution(10);
}

TEST_CASE("noise is standard normal over 10^8 values", "[.long]") { check_distribution(100); }

TEST_CASE("elements are independent of their neighbours", "[normal][long]") {
  const Eigen::ArrayXd values = drawn(NormalSource(1), {1, count + 2048});
  for (const std::ptrdiff_t lag : {1, 2, 3, 4, 5, 8, 32, 64, 128, 1024}) {
    INFO("lag " << lag);
    CHECK(dependence(values.head(count), values.segment(lag, count)) < 4.5);
  }
}

TEST_CASE("samples are independent of each other", "[normal]") {
  const Eigen::ArrayXd values = drawn(NormalSource(2), {9, count / 4});
  for (std::ptrdiff_t lag : {1, 2, 4, 8}) {
    CHECK(dependence(values.head(count / 4), values.segment(lag * count / 4, count / 4)) < 4.5);
  }
  // and across the samples, one element of each
  const Eigen::ArrayXd firsts = drawn(NormalSource(3), {count + 1, 1});
  CHECK(dependence(firsts.head(count), firsts.tail(count)) < 4.5);
}

TEST_CASE("draws are independent of each other", "[normal][long]") {
  NormalSource source(4);
  const Eigen::ArrayXd first = drawn(source, {10, count / 10});
  for (int i = 0; i < 4; ++i) {
    source.skip(1);
    CHECK(dependence(first, drawn(source, {10, count / 10})) < 4.5);
  }
}

TEST_CASE("neighbouring seeds are independent", "[normal][long]") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{41}, std::uint64_t{0xFFFFFFFF}}) {
    const Eigen::ArrayXd values = drawn(NormalSource(seed), {1, count});
    CHECK(dependence(values, drawn(NormalSource(seed + 1), {1, count})) < 4.5);
  }
  // and across 500 001 seeds, one value of each
  std::vector<std::uint64_t> seeds(count + 1);
  for (std::size_t i = 0; i < seeds.size(); ++i) seeds[i] = i;
  const Eigen::ArrayXd firsts = drawn(NormalSource(seeds), {count + 1, 1});
  CHECK(dependence(firsts.head(count), firsts.tail(count)) < 4.5);
}
