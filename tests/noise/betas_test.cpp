#include "azula/noise/betas.hpp"

#include <Eigen/Core>

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/complaint.hpp"

using azula::linear_betas;
using azula::rescale_zero_terminal_snr;
using azula::scaled_linear_betas;
using azula::sigmoid_betas;
using azula::squared_cosine_betas;
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;

namespace {

std::vector<double> alpha_bars(const std::vector<double>& betas) {
  std::vector<double> products;
  double product = 1;
  for (const double beta : betas) products.push_back(product *= 1 - beta);
  return products;
}

}  // namespace

TEST_CASE("betas meet their ends exactly and are even in their own variable", "[noise]") {
  const auto linear = linear_betas({.first = 1e-4, .last = 0.02, .steps = 1100});
  REQUIRE(linear.size() == 1100);
  REQUIRE(linear.front() == 1e-4);
  REQUIRE(linear.back() == 0.02);
  REQUIRE(linear[7] - linear[6] == Approx(0.0199 / 1099).epsilon(1e-12));

  const auto scaled = scaled_linear_betas({.first = 0.00085, .last = 0.012});
  REQUIRE(scaled.front() == Approx(0.00085).epsilon(1e-15));
  REQUIRE(scaled.back() == Approx(0.012).epsilon(1e-15));
  REQUIRE(std::sqrt(scaled[501]) - std::sqrt(scaled[500]) ==
          Approx((std::sqrt(0.012) - std::sqrt(0.00085)) / 999).epsilon(1e-10));

  const auto sigmoid = sigmoid_betas({.first = 0.1, .last = 0.3, .steps = 3});
  REQUIRE(sigmoid[0] == Approx(0.1 + 0.2 / (1 + std::exp(6.0))));
  REQUIRE(sigmoid[1] == Approx(0.2));
  REQUIRE(sigmoid[2] == Approx(0.3 - 0.2 / (1 + std::exp(6.0))));
}

TEST_CASE("squared cosine betas multiply to the squared cosine until they are capped", "[noise]") {
  const auto betas = squared_cosine_betas(1000);
  const auto products = alpha_bars(betas);
  const double pi = std::acos(-1.0);
  const auto f = [&](double s) { return std::pow(std::cos((s + 0.008) / 1.008 * pi / 2), 2); };
  for (const std::size_t k : {0U, 1U, 500U, 990U}) {
    const double expected = f(static_cast<double>(k + 1) / 1000) / f(0);
    REQUIRE(products[k] == Approx(expected).epsilon(1e-11));
  }
  REQUIRE(betas.back() == 0.999);
  REQUIRE(squared_cosine_betas(1000, 0.5).back() == 0.5);
}

TEST_CASE("betas rescaled to zero terminal signal keep the first and lose the last", "[noise]") {
  const auto betas = scaled_linear_betas({.first = 0.00085, .last = 0.012});
  const auto before = alpha_bars(betas);
  const auto after = alpha_bars(rescale_zero_terminal_snr(betas));
  REQUIRE(after.front() == Approx(before.front()).epsilon(1e-15));
  REQUIRE(after.back() == 0);
  // √ᾱ is an affine function of what it was: any three points tell.
  const auto root = [](const std::vector<double>& products, std::size_t k) { return std::sqrt(products[k]); };
  const double slope = root(after, 0) / (root(before, 0) - root(before, 999));
  for (const std::size_t k : {1U, 300U, 900U, 998U}) {
    REQUIRE(root(after, k) == Approx(slope * (root(before, k) - root(before, 999))).epsilon(1e-9));
  }
}

TEST_CASE("betas are taken from any range of numbers", "[noise]") {
  const Eigen::ArrayXf single = Eigen::ArrayXf::Constant(3, 0.5F);
  const auto logs = azula::log_alpha_bars(single, "here");
  REQUIRE(logs.size() == 3);
  REQUIRE(logs.back() == Approx(3 * std::log(0.5)));
}

TEST_CASE("betas out of range are an error that names the option or the step", "[noise]") {
  REQUIRE_THAT(complaint([] { linear_betas({.steps = 1}); }),
               ContainsSubstring("azula::linear_betas: steps must be at least 2, got 1"));
  REQUIRE_THAT(complaint([] { scaled_linear_betas({.first = 0}); }),
               ContainsSubstring("first must be in (0, 1), got 0"));
  REQUIRE_THAT(complaint([] { sigmoid_betas({.last = 1}); }),
               ContainsSubstring("last must be in (0, 1), got 1"));
  REQUIRE_THAT(complaint([] { squared_cosine_betas(0); }),
               ContainsSubstring("steps must be at least 1, got 0"));
  REQUIRE_THAT(complaint([] { squared_cosine_betas(10, 1); }),
               ContainsSubstring("largest must be in (0, 1), got 1"));
  const std::vector<double> high{0.1, 1.5}, one{0.1, 1.0, 0.1}, none, lonely{0.5};
  REQUIRE_THAT(complaint([&] { rescale_zero_terminal_snr(high); }), ContainsSubstring("at step 1, got 1.5"));
  REQUIRE_THAT(complaint([&] { rescale_zero_terminal_snr(one); }),
               ContainsSubstring("only the last may be 1, at step 2"));
  REQUIRE_THAT(complaint([&] { rescale_zero_terminal_snr(none); }), ContainsSubstring("must not be empty"));
  REQUIRE_THAT(complaint([&] { rescale_zero_terminal_snr(lonely); }),
               ContainsSubstring("at least two, size, got 1"));
}
