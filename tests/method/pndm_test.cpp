#include "azula/method/pndm.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "azula/method/fixed_ab.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

double noise_at(double x, const Point& t) { return (x - t.alpha * network(x, t.t)) / t.sigma; }

/// The transfer of the paper, eq. 11, in α and σ.
double moved(double x, double z, const Point& t, const Point& s) {
  return s.alpha / t.alpha * x + (s.sigma - s.alpha / t.alpha * t.sigma) * z;
}

double combined(const std::vector<double>& z) {
  const std::size_t n = z.size();
  if (n == 1) return z[0];
  if (n == 2) return (3 * z[1] - z[0]) / 2;
  if (n == 3) return (23 * z[2] - 16 * z[1] + 5 * z[0]) / 12;
  return (55 * z[n - 1] - 59 * z[n - 2] + 37 * z[n - 3] - 9 * z[n - 4]) / 24;
}

}  // namespace

TEST_CASE("PNDM makes its first step twice, and goes on with the weights of even steps", "[pndm]") {
  std::vector<double> z;
  CHECK(difference(azula::PNDM{}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          if (i == 0) z.clear();
          z.push_back(noise_at(x, t));
          const double first = moved(x, combined(z), t, s);
          x = i > 0 ? first : moved(x, (z[0] + noise_at(first, s)) / 2, t, s);
        }) < 1e-13);
}

TEST_CASE("PNDM's three Runge-Kutta steps have their middles in the times", "[pndm]") {
  std::vector<double> z;
  CHECK(difference(azula::PNDM{azula::PNDMStart::runge_kutta}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          if (i == 0) z.clear();
          z.push_back(noise_at(x, t));
          if (i >= 3) {
            x = moved(x, combined(z), t, s);
            return;
          }
          const Point middle = point((t.t + s.t) / 2);
          const double second = noise_at(moved(x, z.back(), t, middle), middle);
          const double third = noise_at(moved(x, second, t, middle), middle);
          const double fourth = noise_at(moved(x, third, t, s), s);
          x = moved(x, (z.back() + 2 * second + 2 * third + fourth) / 6, t, s);
        }) < 1e-13);
}

TEST_CASE("PNDM of one step is Euler's, and the noise is extrapolated to the clean end", "[pndm]") {
  const auto stages = [](const auto& method, const std::vector<double>& times) {
    return stages_of(erased(method), azula::TimeGrid(straight, times));
  };
  CHECK(stages(azula::PNDM{}, {0.8, 0.2}).size() == 1);
  CHECK(stages(azula::PNDM{}, {0.8, 0.0}).back().b == 1);
  // To σ = 0 from ρ = 1/4 with z before at ρ = 4: x_s = x_t/α_t - ρ_t (3 z_t - z)/2.
  const azula::Stage last = stages(azula::PNDM{}, {0.8, 0.2, 0}).back();
  CHECK(std::fabs(last.h[0] - 0.25 / 2) < 1e-15);
  CHECK(stages(azula::FixedAB<2>{}, {0.8, 0.2, 0}).back().h[0] == 0);
  CHECK(std::fabs(stages(azula::FixedAB<2>{.extrapolate_final = true}, {0.8, 0.2, 0}).back().h[0] - 0.25 / 2) < 1e-15);
  // No noise is seen at α = 0, and no start is made from there.
  for (const auto start : {azula::PNDMStart::heun, azula::PNDMStart::runge_kutta}) {
    for (const azula::Stage& stage : stages(azula::PNDM{start}, {1, 0.8, 0.6, 0.3, 0})) {
      CHECK(std::isfinite(stage.a + stage.b + stage.h[0] + stage.u + stage.v));
    }
  }
}
