#include "azula/method/dpm_solver_singlestep.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "azula/method/dpm_solver_2s.hpp"
#include "azula/method/dpm_solver_3s.hpp"
#include "azula/time/linear_times.hpp"
#include "azula/time/log_snr_times.hpp"
#include "catch.hpp"
#include "orders/orders.hpp"
#include "support/trajectory.hpp"

namespace {

using azula::DPMSolverSinglestep;
using azula::ExponentialNoiseForm;
using azula::SinglestepWeights;
template <int N>
using Singlestep = DPMSolverSinglestep<N>;
using DPMFast = DPMSolverSinglestep<3, ExponentialNoiseForm>;

/// Blocks as the papers' formulas have them, over nodes b, b + 1, …; `orders` says which step of its block each is.
template <class Step>
auto in_blocks(const std::string& orders, Step&& step) {
  return [=, x_0 = 0.0, seen = std::vector<std::pair<Point, double>>{}](std::size_t i, const Point& t, const Point& s, double& x) mutable {
    if (orders.at(i) == '1') {
      x_0 = x;
      seen.clear();
    }
    seen.emplace_back(t, network(x, t.t));
    x = step(x_0, seen, s);
  };
}

using Seen = std::vector<std::pair<Point, double>>;

double data_step(double x, const Seen& m, const Point& s, bool exact) {
  const Point& t = m[0].first;
  const double h = s.lambda - t.lambda, e = std::expm1(-h);
  x = s.sigma / t.sigma * x - s.alpha * e * m[0].second;
  const auto slope = [&](std::size_t j) { return (m[j].second - m[0].second) / (m[j].first.lambda - t.lambda); };
  if (m.size() == 2) x += s.alpha * (exact ? h + e : -e * h / 2) * slope(1);
  if (m.size() == 3 && !exact) x += s.alpha * (h + e) * slope(2);
  if (m.size() == 3 && exact) {
    const double bend = (slope(2) - slope(1)) / (m[2].first.lambda - m[1].first.lambda);
    x += s.alpha * ((h + e) * (slope(1) - bend * (m[1].first.lambda - t.lambda)) + (h * h - 2 * h - 2 * e) * bend);
  }
  return x;
}

/// σ is the time, α = 1, as k-diffusion has it.
azula::TimeGrid grid_of_sigma(const std::vector<double>& sigma) {
  return {[](double t) { return azula::Scales{1, t}; }, sigma};
}

/// The orders of k-diffusion's dpm_fast for n evaluations.
std::vector<int> orders_of(int n) {
  std::vector<int> orders(static_cast<std::size_t>(n % 3 == 0 ? n / 3 - 1 : n / 3), 3);
  if (n % 3 == 0) orders.push_back(2);
  orders.push_back(n % 3 == 0 ? 1 : n % 3);
  return orders;
}

/// The steps of dpm_fast, even in log σ; each is cut into as many as it has evaluations.
std::vector<double> cut_steps(const std::vector<int>& orders, double first, double last) {
  std::vector<double> sigma{first};
  const double h = std::log(last / first) / static_cast<double>(orders.size());
  for (std::size_t k = 0; k < orders.size(); ++k) {
    for (int j = 1; j <= orders[k]; ++j) {
      sigma.push_back(first * std::exp(h * (static_cast<double>(k) + static_cast<double>(j) / orders[k])));
    }
  }
  return sigma;
}

double eps(double x, double sigma) { return (x - network(x, sigma)) / sigma; }

/// DPM-Solver-1, -2 and -3 from σ over h in -log σ.
double singlestep(int order, double x, double sigma, double h) {
  const auto at = [=](double share) { return sigma * std::exp(-share * h); };
  const double e = eps(x, sigma);
  if (order == 1) return x - at(1) * std::expm1(h) * e;
  if (order == 2) {
    const double e_1 = eps(x - at(0.5) * std::expm1(h / 2) * e, at(0.5));
    return x - at(1) * std::expm1(h) * e_1;
  }
  const double e_1 = eps(x - at(1.0 / 3) * std::expm1(h / 3) * e, at(1.0 / 3)), v = 2 * h / 3;
  const double u = x - at(2.0 / 3) * (std::expm1(v) * e + 2 * (std::expm1(v) / v - 1) * (e_1 - e));
  return x - at(1) * (std::expm1(h) * e + 1.5 * (std::expm1(h) / h - 1) * (eps(u, at(2.0 / 3)) - e));
}

double end_of(const ErasedMethod& method, const azula::TimeGrid& grid) {
  return states_after_steps(stages_of(method, grid), first_state, network).back();
}

}  // namespace

TEST_CASE("DPM-Solver singlestep takes its middle evaluations from the grid", "[singlestep]") {
  // Seven steps: whole blocks, and the last one shorter.
  for (const bool exact : {false, true}) {
    const auto weights = exact ? SinglestepWeights::exact : SinglestepWeights::midpoint;
    const auto step = [exact](double x, const Seen& m, const Point& s) { return data_step(x, m, s, exact); };
    CHECK(difference(DPMSolverSinglestep<1>{weights}, in_blocks("1111111", step)) < 1e-13);
    CHECK(difference(DPMSolverSinglestep<2>{weights}, in_blocks("1212121", step)) < 1e-13);
    CHECK(difference(DPMSolverSinglestep<3>{weights}, in_blocks("1231231", step)) < 1e-12);
  }
}

TEST_CASE("DPM-Solver singlestep in the noise form", "[singlestep]") {
  // z follows from the state that was seen, so the loop keeps it instead of the mean.
  double x_0 = 0, z_0 = 0;
  CHECK(difference(DPMSolverSinglestep<2, ExponentialNoiseForm>{}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          const double z = (x - t.alpha * network(x, t.t)) / t.sigma;
          if (i % 2 == 0) {
            x_0 = x;
            z_0 = z;
            x = s.alpha / t.alpha * x - s.sigma * std::expm1(s.lambda - t.lambda) * z;
            return;
          }
          const Point first = points()[i - 1];
          const double h = s.lambda - first.lambda, e = s.sigma * std::expm1(h), r = (t.lambda - first.lambda) / h;
          x = s.alpha / first.alpha * x_0 - e * z_0 - e / (2 * r) * (z - z_0);
        }) < 1e-12);
}

TEST_CASE("on nodes even in log SNR a block of two is DPM-Solver++ 2S over both steps", "[singlestep]") {
  const std::vector<double> times = azula::log_snr_times(straight, {.start = 0.9, .stop = 0.1, .steps = 4});
  const auto run = [](const auto& method, const std::vector<double>& at) {
    return states_after_steps(stages_of(erased(method), azula::TimeGrid(straight, at)), first_state, network).back();
  };
  const double block = run(DPMSolverSinglestep<2>{.lower_order_final = false}, times);
  CHECK(std::fabs(block - run(azula::DPMSolver2S{}, {times[0], times[2], times[4]})) < 1e-12);
}

TEST_CASE("blocks by the number of steps, as diffusers cuts them", "[singlestep]") {
  const auto blocks = [](const auto& method, int steps) {
    std::string text;
    std::vector<double> times;
    for (int i = 0; i <= steps; ++i) times.push_back(0.9 - 0.8 * i / steps);
    for (const azula::Stage& stage : stages_of(erased(method), azula::TimeGrid(straight, times))) {
      text += static_cast<char>('1' + stage.older);
    }
    return text;
  };
  CHECK(blocks(DPMSolverSinglestep<3>{}, 6) == "123121");
  CHECK(blocks(DPMSolverSinglestep<3>{}, 7) == "1231231");
  CHECK(blocks(DPMSolverSinglestep<3>{}, 8) == "12312312");
  CHECK(blocks(DPMSolverSinglestep<3>{}, 1) == "1");
  CHECK(blocks(DPMSolverSinglestep<3>{}, 2) == "12");
  CHECK(blocks(DPMSolverSinglestep<3>{}, 3) == "121");
  CHECK(blocks(DPMSolverSinglestep<2>{}, 6) == "121211");
  CHECK(blocks(DPMSolverSinglestep<2>{}, 7) == "1212121");
  CHECK(blocks(DPMSolverSinglestep<2>{.lower_order_final = false}, 6) == "121212");
  CHECK(blocks(DPMSolverSinglestep<3>{.lower_order_final = false}, 6) == "123123");
}

TEST_CASE("singlestep of order 3 on the noise is k-diffusion's dpm_fast, with one evaluation per step of the grid", "[singlestep]") {
  for (int n = 1; n <= 9; ++n) {
    const std::vector<int> orders = orders_of(n);
    const std::vector<double> sigma = cut_steps(orders, 3, 0.2);
    REQUIRE(sigma.size() == static_cast<std::size_t>(n) + 1);
    const double h = std::log(3 / 0.2) / static_cast<double>(orders.size());
    double x = first_state;
    for (std::size_t k = 0; k < orders.size(); ++k) {
      x = singlestep(orders[k], x, 3 * std::exp(-h * static_cast<double>(k)), h);
    }
    CAPTURE(n);
    const auto method = erased(DPMFast{SinglestepWeights::lines});
    CHECK(stages_of(method, grid_of_sigma(sigma)).size() == static_cast<std::size_t>(n));
    CHECK(std::fabs(end_of(method, grid_of_sigma(sigma)) - x) < 1e-11);
  }
}

TEST_CASE("singlestep on the data is DPM-Solver++ of three evaluations and, at the end, of two", "[singlestep]") {
  const std::vector<int> orders = orders_of(5);
  const std::vector<double> sigma = cut_steps(orders, 3, 0.2);
  const azula::TimeGrid three = grid_of_sigma({sigma[0], sigma[3]}), two = grid_of_sigma({sigma[3], sigma[5]});
  const double middle = end_of(erased(azula::DPMSolver3S{}), three);
  const double end = states_after_steps(stages_of(erased(azula::DPMSolver2S{}), two), middle, network).back();
  const ErasedMethod on_data = erased(Singlestep<3>{SinglestepWeights::lines});
  CHECK(std::fabs(end_of(on_data, grid_of_sigma(sigma)) - end) < 1e-11);
}

TEST_CASE("the order of singlestep is 3 if it ends with two evaluations, 2 if with one", "[singlestep]") {
  const auto order = [](const auto& method, int rest) {
    return measured_order([&](int n) { return flow_error(as_it_is(method), mixture_flow(), 3 * n + rest); }, 2048);
  };
  CHECK(std::fabs(order(DPMFast{SinglestepWeights::lines}, 2) - 3) < 0.15);
  CHECK(std::fabs(order(Singlestep<3>{SinglestepWeights::lines}, 2) - 3) < 0.15);
  CHECK(std::fabs(order(DPMFast{SinglestepWeights::lines}, 1) - 2) < 0.15);
  CHECK(std::fabs(order(DPMFast{SinglestepWeights::lines}, 0) - 2) < 0.15);
  CHECK(std::fabs(order(DPMFast{SinglestepWeights::lines, false}, 0) - 3) < 0.15);
  CHECK(std::fabs(order(Singlestep<3>{}, 2) - 3) < 0.15);
  const auto by_two = [](int n) { return flow_error(as_it_is(Singlestep<2>{}), mixture_flow(), n); };
  CHECK(std::fabs(measured_order([&](int n) { return by_two(2 * n); }) - 2) < 0.15);
  CHECK(std::fabs(measured_order([&](int n) { return by_two(2 * n + 1); }) - 2) < 0.15);
}

TEST_CASE("singlestep is Euler's method where the logarithm is infinite", "[singlestep]") {
  const azula::TimeGrid grid(straight, azula::linear_times({.steps = 8}));
  const auto stages = stages_of(erased(DPMFast{SinglestepWeights::lines}), grid);
  for (const std::size_t i : {0u, 1u, 2u, 6u, 7u}) {  // a cycle from α = 0, the first of one, and the last to σ = 0
    const azula::Stage euler = azula::ode_step(grid[i], grid[i + 1]);
    CAPTURE(i);
    CHECK(std::fabs(stages[i].a - euler.a) < 1e-14);
    CHECK(std::fabs(stages[i].b - euler.b) < 1e-14);
    for (const double weight : stages[i].h) CHECK(std::fabs(weight) < 1e-14);
  }
}
