#include "azula/method/dpm_fast.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "azula/method/dpm_solver_2s.hpp"
#include "azula/method/dpm_solver_3s.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/time/linear_times.hpp"
#include "catch.hpp"
#include "orders/orders.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

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

TEST_CASE("DPMFast is k-diffusion's dpm_fast, with one evaluation per step of the grid", "[dpm_fast]") {
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
    const auto method = erased(azula::DPMFast<>{});
    CHECK(stages_of(method, grid_of_sigma(sigma)).size() == static_cast<std::size_t>(n));
    CHECK(std::fabs(end_of(method, grid_of_sigma(sigma)) - x) < 1e-11);
  }
}

TEST_CASE("DPMFast on the data is DPM-Solver++ of three evaluations and, at the end, of two", "[dpm_fast]") {
  const std::vector<int> orders = orders_of(5);
  const std::vector<double> sigma = cut_steps(orders, 3, 0.2);
  const azula::TimeGrid three = grid_of_sigma({sigma[0], sigma[3]}), two = grid_of_sigma({sigma[3], sigma[5]});
  const double middle = end_of(erased(azula::DPMSolver3S{}), three);
  const double end = states_after_steps(stages_of(erased(azula::DPMSolver2S{}), two), middle, network).back();
  const ErasedMethod on_data = erased(azula::DPMFast<azula::ExponentialDataForm>{});
  CHECK(std::fabs(end_of(on_data, grid_of_sigma(sigma)) - end) < 1e-11);
}

TEST_CASE("DPMFast by midpoints is diffusers' DPMSolverSinglestep, on any steps", "[dpm_fast]") {
  // Orders 1, 2 and 3 from the same start, with what has been seen at the nodes since, newest first.
  const std::vector<int> three{1, 2, 3, 1, 2, 3, 1}, two{1, 2, 1, 2, 1, 2, 1};  // for seven steps
  const auto expect = [](const auto& method, const std::vector<int>& orders) {
    std::vector<double> m, lambda;
    double start = 0;
    return difference(method, [&, orders](std::size_t i, const Point& t, const Point& s, double& x) {
      if (orders[i] == 1) m.clear(), lambda.clear(), start = x;
      m.insert(m.begin(), network(x, t.t));
      lambda.insert(lambda.begin(), t.lambda);
      const double h = s.lambda - lambda.back(), whole = -s.alpha * std::expm1(-h);
      x = s.rho / std::exp(-lambda.back()) * start / point_at_lambda(lambda.back()).alpha * s.alpha + whole * m.back();
      if (orders[i] == 1) return;
      const double slope = (m[0] - m.back()) / ((lambda[0] - lambda.back()) / h);
      x += orders[i] == 2 ? whole * slope / 2 : s.alpha * (1 + std::expm1(-h) / h) * slope;
    });
  };
  CHECK(expect(azula::DPMFast<azula::ExponentialDataForm>{.midpoint = true}, three) < 1e-10);
  CHECK(expect(azula::DPMFast<azula::ExponentialDataForm>{.order = 2}, two) < 1e-10);
}

TEST_CASE("the cycles of DPMFast", "[dpm_fast]") {
  // How many predictions a stage uses tells its place in the cycle.
  const auto places = [](const auto& method, int n) {
    std::string all;
    for (const azula::Stage& s : stages_of(any_method(method), order_grid(n))) all += std::to_string(s.older + 1);
    return all;
  };
  using azula::DPMFast;
  CHECK(places(DPMFast<>{}, 6) == "123121");
  CHECK(places(DPMFast<>{}, 7) == "1231231");
  CHECK(places(DPMFast<>{}, 8) == "12312312");
  CHECK(places(DPMFast<>{.lower_order_final = false}, 6) == "123123");
  CHECK(places(DPMFast<>{.lower_order_final = false}, 7) == "1231231");
  CHECK(places(DPMFast<>{.order = 2}, 6) == "121211");
  CHECK(places(DPMFast<>{.order = 2}, 5) == "12121");
  CHECK(places(DPMFast<>{.order = 2, .lower_order_final = false}, 6) == "121212");
  CHECK(complaint<std::invalid_argument>([] { DPMFast<>{.order = 4}.check(); }) ==
        "azula::DPMFast: order must be 2 or 3, got 4");
}

TEST_CASE("the order of DPMFast is 3 if it ends with two evaluations, 2 if with one", "[dpm_fast]") {
  const auto order = [](const auto& method, int rest) {
    return measured_order([&](int n) { return flow_error(as_it_is(method), mixture_flow(), 3 * n + rest); }, 2048);
  };
  CHECK(std::fabs(order(azula::DPMFast<>{}, 2) - 3) < 0.15);
  CHECK(std::fabs(order(azula::DPMFast<azula::ExponentialDataForm>{}, 2) - 3) < 0.15);
  CHECK(std::fabs(order(azula::DPMFast<>{}, 1) - 2) < 0.15);
  CHECK(std::fabs(order(azula::DPMFast<>{}, 0) - 2) < 0.15);
  CHECK(std::fabs(order(azula::DPMFast<>{.lower_order_final = false}, 0) - 3) < 0.15);
  CHECK(std::fabs(order(azula::DPMFast<azula::ExponentialDataForm>{.midpoint = true}, 2) - 3) < 0.15);
  const auto by_two = [](int n) { return flow_error(as_it_is(azula::DPMFast<>{.order = 2}), mixture_flow(), n); };
  CHECK(std::fabs(measured_order([&](int n) { return by_two(2 * n); }) - 2) < 0.15);
  CHECK(std::fabs(measured_order([&](int n) { return by_two(2 * n + 1); }) - 2) < 0.15);
}

TEST_CASE("DPMFast is Euler's method where the logarithm is infinite", "[dpm_fast]") {
  const azula::TimeGrid grid(straight, azula::linear_times({.steps = 8}));
  const auto stages = stages_of(erased(azula::DPMFast<>{}), grid);
  for (const std::size_t i : {0u, 1u, 2u, 6u, 7u}) {  // a cycle from α = 0, the first of one, and the last to σ = 0
    const azula::Stage euler = azula::ode_step(grid[i], grid[i + 1]);
    CAPTURE(i);
    CHECK(std::fabs(stages[i].a - euler.a) < 1e-14);
    CHECK(std::fabs(stages[i].b - euler.b) < 1e-14);
    for (const double weight : stages[i].h) CHECK(std::fabs(weight) < 1e-14);
  }
}
