#include <cmath>
#include <vector>

#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/interpolatory_weights.hpp"
#include "azula/integrate/psi.hpp"
#include "azula/integrate/widespread_weights.hpp"
#include "azula/method/x_eab.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

/// The largest error of the weights of ∫_0^h e^(v-h) q dv over q = (v/h)^k, k from 1 to the number of nodes,
/// relative to the largest term of the sum.
double exactness(const std::vector<double>& nodes, double h) {
  azula::OtherNodes others;
  for (const double node : nodes) others.add(node);
  const auto integral = [&](auto&& f) {
    return azula::gauss_legendre([&](double v) { return std::exp(v - h) * f(v); }, h, 8);
  };
  const azula::NodeWeights weights = azula::interpolatory_weights(others, integral);
  double largest = 0;
  for (int k = 1; k <= others.count; ++k) {
    double sum = 0, size = 0;
    for (std::size_t j = 0; j < nodes.size(); ++j) {
      const double term = weights[j] * std::pow(nodes[j] / h, k);
      sum += term;
      size = std::fmax(size, std::fabs(term));
    }
    double factorial = 1;
    for (int j = 2; j <= k; ++j) factorial *= j;
    const double exact = factorial * azula::psi(k, h) / std::pow(h, k);
    largest = std::fmax(largest, std::fabs(sum - exact) / std::fmax(size, exact));
  }
  return largest;
}

}  // namespace

TEST_CASE("weights are exact for polynomials up to the number of nodes", "[weights]") {
  for (const double h : {1e-6, 1e-3, 0.1, 1.0, 5.0}) {
    std::vector<double> behind, ahead;
    for (int n = 1; n <= azula::max_older; ++n) {
      behind.push_back(-h * n * (1 + 0.1 * n));
      ahead = behind;
      ahead.back() = h;  // as a corrector has it
      INFO("h = " << h << ", nodes: " << n);
      CHECK(exactness(behind, h) < 1e-12);
      CHECK(exactness(ahead, h) < 1e-12);
    }
  }
}

TEST_CASE("weights are exact where steps differ a thousandfold and more", "[weights]") {
  CHECK(exactness({-1e-3, -1.0}, 1.0) < 1e-12);
  CHECK(exactness({-1.0, -2.0, -3.0}, 1e-3) < 1e-12);
  CHECK(exactness({-1.0, -2.0, 1e-3}, 1e-3) < 1e-12);
  CHECK(exactness({-1.0, -2.0, -3.0, -1e9}, 1.0) < 1e-12);
  CHECK(exactness({-1.0, -2.0, -3.0, -4.0, -5.0, -1e6, -1e9}, 1.0) < 1e-12);
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
