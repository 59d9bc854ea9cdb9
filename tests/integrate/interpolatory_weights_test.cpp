#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/interpolatory_weights.hpp"
#include "azula/integrate/psi.hpp"
#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/x_eab.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

using Real = long double;

/// ∫_0^h f by a Gauss–Legendre rule of 30 points, which are found here to all digits of Real, on panels no longer than 1.
class ExtendedRule {
 public:
  ExtendedRule() {
    constexpr int points = 30;
    for (int i = 0; i < points; ++i) {
      Real x = std::cos(std::numbers::pi_v<Real> * (i + 0.75L) / (points + 0.5L)), slope = 0;
      for (int round = 0; round < 8; ++round) {
        Real p = 1, before = 0;
        for (int j = 0; j < points; ++j) before = std::exchange(p, ((2 * j + 1) * x * p - j * before) / (j + 1));
        slope = points * (x * p - before) / (x * x - 1);
        x -= p / slope;
      }
      nodes_.push_back(x);
      weights_.push_back(2 / ((1 - x * x) * slope * slope));
    }
  }

  template <class F>
  Real operator()(F&& f, Real h) const {
    const Real panels = std::ceil(std::fmax(Real(1), std::fabs(h))), half = h / panels / 2;
    Real sum = 0;
    for (Real k = 0; k < panels; ++k) {
      for (std::size_t i = 0; i < nodes_.size(); ++i) sum += weights_[i] * f((2 * k + 1 + nodes_[i]) * half);
    }
    return sum * half;
  }

 private:
  std::vector<Real> nodes_, weights_;
};

/// The largest error of the weights of ∫_0^h e^(rate (v - h)) q dv, relative to the largest weight, against integrals of
/// Lagrange's polynomials in extended precision: products of distances, in which nothing cancels.
double error_of(const std::vector<double>& nodes, double h, double rate) {
  static const ExtendedRule rule;
  azula::OtherNodes others;
  for (const double node : nodes) others.add(node);
  const auto integral = [&](auto&& f) {
    return azula::gauss_legendre([&](double v) { return std::exp(rate * (v - h)) * f(v); }, h, 8);
  };
  const azula::NodeWeights weights = azula::interpolatory_weights(others, integral);
  double worst = 0, largest = 0;
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Real exact = rule(
        [&](Real v) {
          Real value = std::exp(static_cast<Real>(rate) * (v - h)) * v / nodes[j];
          for (std::size_t k = 0; k < nodes.size(); ++k) {
            if (k != j) value *= (v - nodes[k]) / (static_cast<Real>(nodes[j]) - nodes[k]);
          }
          return value;
        },
        h);
    worst = std::fmax(worst, static_cast<double>(std::fabs(weights[j] - exact)));
    largest = std::fmax(largest, static_cast<double>(std::fabs(exact)));
  }
  return worst / largest;
}

/// The worst of both kernels; NaN stays.
double error_of(const std::vector<double>& nodes, double h) {
  const double flat = error_of(nodes, h, 0), exponential = error_of(nodes, h, 1);
  return flat <= exponential ? exponential : flat;
}

/// Nodes behind the current one; each step is `growth` times the one before it, and the next one is h.
std::vector<double> behind(double h, double growth, int count) {
  std::vector<double> nodes;
  double node = 0;
  for (int n = 0; n < count; ++n) nodes.push_back(node -= h *= 1 / growth);
  return nodes;
}

constexpr bool extended = std::numeric_limits<Real>::digits > std::numeric_limits<double>::digits;

}  // namespace

TEST_CASE("weights have all their digits, of predictors and correctors of every order", "[weights]") {
  if (!extended) return;  // nothing here to compare with
  for (const double h : {1e-8, 1e-4, 0.01, 0.1, 1.0, 10.0, -0.1, -10.0}) {
    for (const double growth : {1.0, 0.5, 0.7, 0.9, 1.1, 1.6, 3.0}) {
      for (int n = 1; n <= azula::max_older; ++n) {
        CAPTURE(h, growth, n);
        std::vector<double> nodes = behind(h, growth, n);
        CHECK(error_of(nodes, h) < 2e-14);
        nodes.back() = h;
        CHECK(error_of(nodes, h) < 2e-14);
      }
    }
  }
}

TEST_CASE("weights have all their digits on Karras' and linear grids, in sigma and its logarithm", "[weights]") {
  if (!extended) return;
  const auto root = [](double rho) { return std::pow(rho, 1.0 / 7); };
  for (const std::size_t steps : {5u, 10u, 50u, 1000u}) {
    for (const bool karras : {true, false}) {
      std::vector<double> rho;
      for (std::size_t i = 0; i < steps; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(steps - 1);
        rho.push_back(karras ? std::pow(root(80) + share * (root(0.002) - root(80)), 7) : 80 + share * (0.002 - 80));
      }
      for (const bool logarithm : {true, false}) {
        const auto u = [&](std::size_t i) { return logarithm ? std::log(rho[i]) : rho[i]; };
        for (std::size_t n = 1; n <= azula::max_older; ++n) {
          for (std::size_t i = n; i + 1 < steps; i += std::max<std::size_t>(1, steps / 8)) {
            CAPTURE(steps, karras, logarithm, n, i);
            std::vector<double> nodes;
            for (std::size_t j = 1; j <= n; ++j) nodes.push_back(u(i - j) - u(i));
            CHECK(error_of(nodes, u(i + 1) - u(i)) < 2e-14);
          }
        }
      }
    }
  }
}

TEST_CASE("weights have their digits where steps differ a thousandfold and more", "[weights]") {
  if (!extended) return;
  for (const double growth : {1e-3, 1e3, 1e-6, 1e6}) {
    const int most = growth > 1e3 ? 3 : 5;  // beyond that the nodes are the same in double
    for (int n = 1; n <= most; ++n) {
      CAPTURE(growth, n);
      CHECK(error_of(behind(1, growth, n), 1) < 2e-14);
    }
  }
  CHECK(error_of({-1e-3, -1.0}, 1.0) < 2e-14);
  CHECK(error_of({-1.0, -2.0, -3.0}, 1e-3) < 2e-14);
  CHECK(error_of({-1.0, -2.0, 1e-3}, 1e-3) < 2e-14);
  CHECK(error_of({-1.0, -2.0, -3.0, -1e9}, 1.0) < 2e-14);
  CHECK(error_of({-1.0, -2.0, -3.0, -4.0, -5.0, -1e6, -1e9}, 1.0) < 2e-14);
}

TEST_CASE("weights of nodes in two groups a thousandfold apart have lost three digits at most", "[weights]") {
  if (!extended) return;
  for (const double step : {1e-3, 1e3}) {
    for (int n = 2; n <= 5; ++n) {
      for (int other = 0; other < n; ++other) {
        std::vector<double> nodes;
        double node = 0;
        for (int j = 0; j < n; ++j) nodes.push_back(node -= j == other ? step : 1);
        CAPTURE(step, n, other);
        CHECK(error_of(nodes, 1) < 1e-12);
        CHECK(error_of(nodes, 1e-3) < 1e-12);
      }
    }
  }
}

TEST_CASE("weights do not depend on the unit of the variable, however large or small", "[weights]") {
  const std::vector<double> nodes = {-1.0, -1.5, -2.7, -3.1, -4.0, -5.5, -6.0, 1.0};
  const auto weights = [&](double unit) {
    azula::OtherNodes others;
    for (const double node : nodes) others.add(node * unit);
    return azula::interpolatory_weights(others, [&](auto&& f) { return azula::gauss_legendre(f, unit); });
  };
  const azula::NodeWeights one = weights(1);
  for (const double unit : {0x1p-200, 0x1p200}) {
    for (std::size_t j = 0; j < one.size(); ++j) CHECK(weights(unit)[j] == one[j] * unit);
  }
}

TEST_CASE("weights of one node are those of a line", "[weights]") {
  const double h = 0.7, h_1 = 0.4;
  azula::OtherNodes others;
  others.add(-h_1);
  const auto flat = [&](auto&& f) { return azula::gauss_legendre(f, h); };
  CHECK(std::fabs(azula::interpolatory_weights(others, flat)[0] - -h * h / 2 / h_1) < 1e-15);
}

TEST_CASE("the widespread weights are those of the formulas", "[weights]") {
  const azula::Node t{0.6, 0.4, 0.6}, s{0.3, 0.7, 0.3};
  const azula::ExponentialDataForm form;
  const double h = form.variable(s) - form.variable(t), h_1 = 0.5, h_2 = 0.3;
  azula::OtherNodes two, three;
  two.add(-h_1);
  three.add(-h_1);
  three.add(-h_1 - h_2);
  CHECK(std::fabs(azula::widespread_weights(form, two, t, s)[0] -
                  -s.alpha * azula::psi(0, h) * h / (2 * h_1)) < 1e-14);

  // As a function of the predictions: psi_1 D' + psi_2 D'' with D'' = f012 in place of 2 f012.
  const auto value = [&](double m, double m_1, double m_2) {
    const double f_01 = (m - m_1) / h_1, f_12 = (m_1 - m_2) / h_2, f_012 = (f_01 - f_12) / (h_1 + h_2);
    return s.alpha * (azula::psi(1, h) * (f_01 + h_1 * f_012) + azula::psi(2, h) * f_012);
  };
  const azula::NodeWeights weights = azula::widespread_weights(form, three, t, s);
  CHECK(std::fabs(weights[0] - value(0, 1, 0)) < 1e-13);
  CHECK(std::fabs(weights[1] - value(0, 0, 1)) < 1e-13);
}
