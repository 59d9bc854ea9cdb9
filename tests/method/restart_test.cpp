#include "azula/method/restart.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "azula/integrate/psi.hpp"
#include "azula/method/heun.hpp"
#include "azula/method/x_eab.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

constexpr azula::RestartOptions options{
    .rho_min = 0.4, .rho_max = 2, .repeats = 2, .steps = 3, .s_noise = 1.01};

/// The nodes of a way down, even in ρ^(1/7) as Karras' grid is.
std::vector<Point> way_down(const Point& bottom) {
  std::vector<Point> nodes;
  for (int j = 0; j <= options.steps; ++j) {
    const double share = static_cast<double>(j) / options.steps;
    nodes.push_back(point_at_rho(std::pow(
        (1 - share) * std::pow(options.rho_max, 1.0 / 7) + share * std::pow(bottom.rho, 1.0 / 7), 7)));
  }
  return nodes;
}

/// Sampling with restarts around a loop begin(), step(t, s, x): the state at the end.
template <class Solver>
double restarted(Solver solver) {
  const std::vector<Point> nodes = points();
  std::size_t bottom = 0;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    if (std::fabs(std::log(nodes[i].rho / options.rho_min)) <
        std::fabs(std::log(nodes[bottom].rho / options.rho_min)))
      bottom = i;
  }
  double x = first_state;
  std::size_t draw = 0;
  solver.begin();
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    solver.step(nodes[i], nodes[i + 1], x);
    for (int k = 0; i + 1 == bottom && k < options.repeats; ++k) {
      const std::vector<Point> down = way_down(nodes[bottom]);
      const double added =
          std::sqrt(options.rho_max * options.rho_max - nodes[bottom].rho * nodes[bottom].rho);
      x = down[0].alpha * (x / nodes[bottom].alpha + options.s_noise * added * noise(draw++));
      solver.begin();
      for (std::size_t j = 0; j + 1 < down.size(); ++j) solver.step(down[j], down[j + 1], x);
    }
  }
  return x;
}

struct HeunLoop {
  void begin() {}
  void step(const Point& t, const Point& s, double& x) const {
    const double y = x / t.alpha, d = (y - network(x, t.t)) / t.rho, ahead = y + (s.rho - t.rho) * d;
    x = s.alpha * (y + (s.rho - t.rho) / 2 * (d + (ahead - network(s.alpha * ahead, s.t)) / s.rho));
  }
};

struct TwoStepLoop {
  double before = 0, h_1 = 0;

  void begin() { h_1 = 0; }
  void step(const Point& t, const Point& s, double& x) {
    const double h = s.lambda - t.lambda, m = network(x, t.t);
    x = s.sigma / t.sigma * x + s.alpha * azula::psi(0, h) * m;
    if (h_1 > 0) x += s.alpha * azula::psi(1, h) * (m - before) / h_1;
    before = m;
    h_1 = h;
  }
};

}  // namespace

TEST_CASE("Restart goes back up with noise and down again, as often as asked", "[restart]") {
  CHECK(std::fabs(trajectory(azula::Restart{azula::Heun{}, options}).back() - restarted(HeunLoop{})) < 1e-10);
}

TEST_CASE("a multistep method begins anew after each jump and goes on from the last way down", "[restart]") {
  CHECK(std::fabs(trajectory(azula::Restart{azula::xEAB<2>{}, options}).back() - restarted(TwoStepLoop{})) <
        1e-10);
}

TEST_CASE("Restart without repeats is the method itself", "[restart]") {
  CHECK(trajectory(azula::Restart{azula::Heun{}, {.repeats = 0}}) == trajectory(azula::Heun{}));
}

TEST_CASE("Restart has a stage for each evaluation and each jump", "[restart]") {
  std::vector<double> times;
  for (const Point& p : points()) times.push_back(p.t);
  const azula::TimeGrid grid(straight, times);
  const auto stages = stages_of(erased(azula::Restart{azula::Heun{}, options}), grid);
  const auto asks = [](const azula::Stage& stage) { return stage.evaluates; };
  CHECK(std::count_if(stages.begin(), stages.end(), asks) == 2 * (7 + 2 * 3));
  CHECK(stages.size() == 2 * (7 + 2 * 3) + 2);
}

TEST_CASE("Restart says which option is out of range", "[restart]") {
  const auto said = [](azula::RestartOptions o) {
    return complaint<std::invalid_argument>([&] { trajectory(azula::Restart{azula::Heun{}, o}); });
  };
  CHECK(said({.rho_min = 0}) == "azula::Restart: rho_min must be finite and positive, got 0");
  CHECK(said({.rho_min = 1, .rho_max = 1}) == "azula::Restart: rho_max must be finite and greater than rho_min, got 1");
  CHECK(said({.repeats = -1}) == "azula::Restart: repeats must be in [0, 1000], got -1");
  CHECK(said({.steps = 0}) == "azula::Restart: steps must be in [1, 1000], got 0");
  CHECK(said({.s_noise = -1}) == "azula::Restart: s_noise must be in [0, 100], got -1");
  CHECK(said({.rho_max = 100}).find("at the first time, 19") != std::string::npos);
}
