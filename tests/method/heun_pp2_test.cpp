#include "azula/method/heun_pp2.hpp"

#include <cmath>
#include <vector>

#include "azula/method/v_ab.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

/// ComfyUI's loop, on y with the level u as its time: dy/du = slope(y, node).
template <class Level, class Slope>
void heun_pp2(std::size_t i, double& y, Level&& level, Slope&& slope) {
  const std::vector<Point> all = points();
  const std::size_t last = all.size() - 1;
  const double first = level(all[0]), dt = level(all[i + 1]) - level(all[i]), d = slope(y, all[i]);
  if (i + 1 == last) {
    y += d * dt;
    return;
  }
  const double ahead = y + d * dt, d_2 = slope(ahead, all[i + 1]);
  if (i + 2 == last) {
    const double w_2 = level(all[i + 1]) / (2 * first);
    y += (d * (1 - w_2) + d_2 * w_2) * dt;
    return;
  }
  const double further = ahead + d_2 * (level(all[i + 2]) - level(all[i + 1])), d_3 = slope(further, all[i + 2]);
  const double w_2 = level(all[i + 1]) / (3 * first), w_3 = level(all[i + 2]) / (3 * first);
  y += ((1 - w_2 - w_3) * d + w_2 * d_2 + w_3 * d_3) * dt;
}

}  // namespace

TEST_CASE("Heun++ is ComfyUI's heunpp2, in rho", "[heunpp2]") {
  const auto rho = [](const Point& p) { return p.rho; };
  const auto noise_at = [](double y, const Point& p) { return (y - network(p.alpha * y, p.t)) / p.rho; };
  CHECK(difference(azula::HeunPP2<>{}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          double y = x / t.alpha;
          heun_pp2(i, y, rho, noise_at);
          x = s.alpha * y;
        }) < 1e-11);
}

TEST_CASE("Heun++ on the velocity is ComfyUI's heunpp2 with a flow model", "[heunpp2]") {
  const auto sigma = [](const Point& p) { return p.sigma; };
  const auto velocity = [](double x, const Point& p) { return (x - network(x, p.t)) / p.sigma; };
  CHECK(difference(azula::HeunPP2<azula::VelocityForm>{}, [&](std::size_t i, const Point&, const Point&, double& x) {
          heun_pp2(i, x, sigma, velocity);
        }) < 1e-11);
}

TEST_CASE("Heun++ is Euler in a single step, and has one evaluation less in each of the last two", "[heunpp2]") {
  const auto count = [](const std::vector<double>& times) {
    return stages_of(erased(azula::HeunPP2<>{}), azula::TimeGrid(straight, times)).size();
  };
  CHECK(count({0.9, 0.1}) == 1);
  CHECK(count({0.9, 0.5, 0}) == 3);
  CHECK(count({0.9, 0.7, 0.5, 0}) == 6);
  CHECK(count({1, 0.9, 0.7, 0.5, 0}) == 7);  // the first is Euler's, from pure noise
}
