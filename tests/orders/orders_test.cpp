#include <cmath>

#include "catch.hpp"
#include "orders/order_table.hpp"

namespace {

void check_rows(const std::vector<OrderRow>& rows) {
  for (const OrderRow& row : rows) {
    for (const Flow& flow : {gaussian_flow(), mixture_flow()}) {
      INFO(row.subject.method.name << " on the " << flow.name << ", starting values: " << row.start);
      const double order = flow.name == gaussian_flow().name ? row.on_gaussian : row.order;
      CHECK(std::fabs(flow_order(row.subject, flow) - order) < 0.15);
    }
    // Not on the Gaussian: its flow to noise is so smooth that some errors are down at rounding before their order settles.
    INFO(row.subject.method.name << " from data to noise, starting values: " << row.start);
    CHECK(std::fabs(flow_order(row.subject, mixture_flow(), upwards) - row.order) < 0.15);
  }
}

/// Whether both are infinite, or near each other; an expected NaN is not looked at.
bool same_order(double measured, double expected) {
  return std::isnan(expected) || measured == expected || std::fabs(measured - expected) < 0.15;
}

}  // namespace

TEST_CASE("one-step methods have their order", "[orders]") {
  check_rows(one_step_rows());
}

TEST_CASE("multistep methods have their order from exact values and at most two from Euler's", "[orders][long]") {
  check_rows(multistep_rows());
}

TEST_CASE("a Runge–Kutta start restores the order", "[orders]") {
  check_rows(started_rows());
}

TEST_CASE("the widespread third-order form and a lowered last order are of order two", "[orders]") {
  check_rows(compat_rows());
}

TEST_CASE("a corrector adds one order, three is the most from Euler's values", "[orders][long]") {
  check_rows(corrected_rows());
}

TEST_CASE("UniPC has one order more than its predictor, and two with its defaults", "[orders]") {
  check_rows(uni_pc_rows());
}

TEST_CASE("stochastic methods have their weak orders", "[orders][long]") {
  for (const StochasticRow& row : stochastic_rows()) {
    INFO(row.name);
    const WeakOrders orders = weak_orders(row.subject, row.eta);
    CHECK(same_order(orders.mean, row.mean));
    CHECK(same_order(orders.variance, row.variance));
  }
}

TEST_CASE("stochastic methods converge on a Brownian path with order one, or not at all", "[orders][long]") {
  for (const StochasticRow& row : stochastic_rows()) {
    INFO(row.name);
    CHECK(same_order(strong_order(row.subject), row.strong));
  }
}

TEST_CASE("stochastic methods converge on the path of a BrownianSource", "[orders][long]") {
  CHECK(same_order(sampled_strong_order(as_it_is(azula::DDPM{})), 1));
  CHECK(same_order(sampled_strong_order(as_it_is(azula::DPMSolverSDE{})), 1));
  CHECK(same_order(sampled_strong_order(as_it_is(azula::DPMSolverMultistepSDE<2>{})), 1));
}

TEST_CASE("a method with the noise of Karras' churn approaches the law of the data", "[orders][long]") {
  const auto heun = as_it_is(azula::Heun{{.s_churn = 10}}), middle = as_it_is(azula::DPM2{{.s_churn = 10}});
  CHECK(std::fabs(weak_orders(heun, NAN).variance - 2) < 0.15);
  CHECK(std::fabs(weak_orders(middle, NAN).variance - 2) < 0.15);
  const auto order = [](const auto& method) { return weak_orders(as_it_is(method), NAN).variance; };
  CHECK(std::fabs(order(azula::Heun{{.s_churn = 10, .first = true}}) - 2) < 0.15);
  CHECK(std::fabs(order(azula::Churned{azula::Euler{}, {.s_churn = 10}}) - 1) < 0.15);
  CHECK(std::fabs(order(azula::Churned{azula::DPMSolver3S{}, {.s_churn = 10}}) - 3) < 0.15);
  CHECK(std::fabs(order(azula::Churned{azula::xEAB<2>{}, {.s_churn = 10}}) - 1) < 0.15);
}

TEST_CASE("the order of a restarted method is its own if the ways down get as many steps", "[orders]") {
  const auto restarted = [](auto method) {
    Subject subject = as_it_is(azula::Restart{method});
    subject.method.append = [=](std::vector<azula::Stage>& stages, const azula::TimeGrid& grid,
                                std::size_t i) {
      const int steps = static_cast<int>(grid.size() - 1);
      azula::Restart{method, {.rho_min = 0.4, .rho_max = 2, .repeats = 2, .steps = steps}}.append(stages,
                                                                                                  grid, i);
    };
    return subject;
  };
  CHECK(std::fabs(weak_orders(restarted(azula::Euler{}), NAN).variance - 1) < 0.15);
  CHECK(std::fabs(weak_orders(restarted(azula::Heun{}), NAN).variance - 2) < 0.15);
  CHECK(std::fabs(weak_orders(restarted(azula::xEAB<2>{}), NAN).variance - 2) < 0.15);
}

TEST_CASE("the bias of PC does not vanish with more steps, but with delta", "[orders][long]") {
  const auto bias = [](double delta, int steps) {
    return weak_errors(as_it_is(azula::PC{.corrections = 1, .delta = delta}), NAN, steps).variance;
  };
  const double few = bias(0.02, 600), many = bias(0.02, 1200), smaller = bias(0.01, 1200);
  CHECK(std::fabs(many / few - 1) < 0.05);
  CHECK(std::fabs(many / smaller - 2) < 0.1);
}
