#include <algorithm>
#include <cmath>
#include <vector>

#include "azula/integrate/psi.hpp"
#include "azula/method/t_ab.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/method/z_ab.hpp"
#include "azula/method/z_eab.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

using azula::psi;

namespace {

/// The means or noises seen so far, and the log α/σ of their nodes, newest first.
struct History {
  std::vector<double> seen, lambda;

  void add(double value, const Point& t) {
    seen.insert(seen.begin(), value);
    lambda.insert(lambda.begin(), t.lambda);
  }
  double step(std::size_t j) const { return lambda[j] - lambda[j + 1]; }  // h_(j+1)
};

double noise_of(double x, const Point& t) {
  return (x - t.alpha * network(x, t.t)) / t.sigma;
}

/// D' and D'' of the third-order formula, D'' = factor f012; 2 is the right one.
struct Differences {
  double first, second;

  Differences(const History& m, double factor) {
    const double h_1 = m.step(0), h_2 = m.step(1);
    const double f_01 = (m.seen[0] - m.seen[1]) / h_1, f_12 = (m.seen[1] - m.seen[2]) / h_2;
    const double f_012 = (f_01 - f_12) / (h_1 + h_2);
    first = f_01 + h_1 * f_012;
    second = factor * f_012;
  }
};

/// DPM-Solver++ multistep of order 3 with the given factor; the second step, which has one older mean, is the
/// midpoint or the Taylor form of order 2.
double difference_3m(const azula::xEAB<3>& method, double factor, bool midpoint) {
  History m;
  return difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
    m.add(network(x, t.t), t);
    const double h = s.lambda - t.lambda;
    x = s.sigma / t.sigma * x + s.alpha * psi(0, h) * m.seen[0];
    if (i == 1) {
      const double slope = (m.seen[0] - m.seen[1]) / m.step(0);
      x += s.alpha * (midpoint ? psi(0, h) * h / 2 : psi(1, h)) * slope;
    } else if (i > 1) {
      const Differences d(m, factor);
      x += s.alpha * (psi(1, h) * d.first + psi(2, h) * d.second);
    }
  });
}

}  // namespace

TEST_CASE("xEAB<2> is DPM-Solver++(2M) in Taylor form and RES multistep, compat its midpoint form",
          "[multistep]") {
  const auto expected = [](const azula::xEAB<2>& method, auto&& weight) {
    History m;
    return difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
      m.add(network(x, t.t), t);
      const double h = s.lambda - t.lambda;
      x = s.sigma / t.sigma * x - s.alpha * std::expm1(-h) * m.seen[0];
      if (i > 0) x += s.alpha * weight(h, m.step(0)) * (m.seen[0] - m.seen[1]);
    });
  };
  const auto midpoint = [](double h, double h_1) { return -std::expm1(-h) * h / (2 * h_1); };
  const auto taylor = [](double h, double h_1) { return (std::exp(-h) - 1 + h) / h_1; };
  const auto res = [](double h, double h_1) {  // -h b_2, b_2 = φ_2(-h)/c, c = -h_1/h
    return h * ((std::expm1(-h) / -h - 1) / -h) / (h_1 / h);
  };
  CHECK(expected({.compat = true}, midpoint) < 1e-10);
  CHECK(expected({}, taylor) < 1e-10);
  CHECK(expected({}, res) < 1e-10);
  CHECK(expected({.compat = true}, taylor) > 1e-4);
}

TEST_CASE("xEAB<3> has the right second difference, compat half of it", "[multistep]") {
  CHECK(difference_3m({}, 2, false) < 1e-10);
  CHECK(difference_3m({.compat = true}, 1, true) < 1e-10);
  CHECK(difference_3m({}, 1, false) > 1e-4);
}

TEST_CASE("zEAB is DPM-Solver multistep, compat its widespread forms", "[multistep]") {
  const auto expected = [](const azula::zEAB<3>& method, double factor, bool midpoint) {
    History z;
    return difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
      z.add(noise_of(x, t), t);
      const double h = s.lambda - t.lambda;
      const double phi_1 = std::expm1(h), phi_2 = phi_1 / h - 1, phi_3 = phi_2 / h - 0.5;
      x = s.alpha / t.alpha * x - s.sigma * phi_1 * z.seen[0];
      if (i == 1) {
        const double slope = (z.seen[0] - z.seen[1]) / z.step(0);
        x -= s.sigma * (midpoint ? phi_1 * h / 2 : phi_2 * h) * slope;
      } else if (i > 1) {
        const Differences d(z, factor);
        x -= s.sigma * (phi_2 * h * d.first + phi_3 * h * h * d.second);
      }
    });
  };
  CHECK(expected({}, 2, false) < 1e-10);
  CHECK(expected({.compat = true}, 1, true) < 1e-10);
}

TEST_CASE("zAB<3> is iPNDM_v of order 3 with its parenthesis put right", "[multistep]") {
  std::vector<double> d, rho;
  CHECK(difference(azula::zAB<3>{}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          d.insert(d.begin(), noise_of(x, t));
          rho.insert(rho.begin(), t.rho);
          double y = x / t.alpha;
          const double h = s.rho - t.rho;
          if (i == 0) {
            y += h * d[0];
          } else if (i == 1) {
            const double r = h / (rho[0] - rho[1]) / 2;
            y += h * ((1 + r) * d[0] - r * d[1]);
          } else {
            const double h_1 = rho[0] - rho[1], h_2 = rho[1] - rho[2];
            const double a = h / (3 * (h + h_1)), extra = (1 - a) * h * (h + h_1) / (h_1 * (h_1 + h_2)) / 2;
            const double c_1 = (2 + h / h_1) / 2 + extra, c_2 = -h / h_1 / 2 - (1 + h_1 / h_2) * extra;
            y += h * (c_1 * d[0] + c_2 * d[1] + extra * h_1 / h_2 * d[2]);
          }
          x = s.alpha * y;
        }) < 1e-10);
}

TEST_CASE("zAB<4> is what iPNDM_v of order 4 is meant to be: Newton's differences, integrated", "[multistep]") {
  std::vector<double> d, rho;
  CHECK(difference(azula::zAB<4>{}, [&](std::size_t, const Point& t, const Point& s, double& x) {
          d.insert(d.begin(), noise_of(x, t));
          rho.insert(rho.begin(), t.rho);
          std::vector<double> quotients = d;  // of the newest 1, 2, 3 and 4, in the end
          const std::size_t count = std::min<std::size_t>(d.size(), 4);
          for (std::size_t k = 1; k < count; ++k) {
            for (std::size_t j = count; --j >= k;) {
              quotients[j] = (quotients[j] - quotients[j - 1]) / (rho[j] - rho[j - k]);
            }
          }
          const auto newton = [&](double at) {
            double product = 1, sum = 0;
            for (std::size_t k = 0; k < count; product *= at - rho[k], ++k) sum += product * quotients[k];
            return sum;
          };
          x = s.alpha * (x / t.alpha + simpson(newton, t.rho, s.rho));
        }) < 1e-10);
}

TEST_CASE("tAB is DEIS: Lagrange polynomials in t against the slope of rho", "[multistep]") {
  std::vector<double> z, times;
  CHECK(difference(azula::tAB<3>{}, [&](std::size_t, const Point& t, const Point& s, double& x) {
          z.insert(z.begin(), noise_of(x, t));
          times.insert(times.begin(), t.t);
          z.resize(std::min<std::size_t>(z.size(), 3));
          times.resize(z.size());
          double y = x / t.alpha;
          for (std::size_t j = 0; j < z.size(); ++j) {
            const auto weighted = [&](double u) { return lagrange(times, j, u) / ((1 - u) * (1 - u)); };
            y += simpson(weighted, t.t, s.t) * z[j];
          }
          x = s.alpha * y;
        }) < 1e-10);
}

TEST_CASE("with lower_order_final the last steps are of falling order", "[multistep]") {
  History m;
  CHECK(difference(azula::xEAB<2>{.lower_order_final = true},
                   [&](std::size_t i, const Point& t, const Point& s, double& x) {
                     m.add(network(x, t.t), t);
                     const double h = s.lambda - t.lambda;
                     x = s.sigma / t.sigma * x + s.alpha * psi(0, h) * m.seen[0];
                     if (i > 0 && i + 2 < points().size())
                       x += s.alpha * psi(1, h) * (m.seen[0] - m.seen[1]) / m.step(0);
                   }) < 1e-10);
}
