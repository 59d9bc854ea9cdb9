#include "azula/method/bounded.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "azula/method/fixed_ab.hpp"
#include "azula/method/x_eab.hpp"
#include "azula/method/v_ab.hpp"
#include "azula/method/z_ab.hpp"
#include "azula/time/linear_times.hpp"
#include "catch.hpp"
#include "orders/orders.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

/// σ is the time, α = 1: nodes of ρ as they are given.
azula::TimeGrid grid_of_rho(const std::vector<double>& rho) {
  return {[](double t) { return azula::Scales{1, t}; }, rho};
}

/// Σ|w| over Σw of the predictions z in the last step: what its errors are multiplied by.
double size_of_last(const ErasedMethod& method, const azula::TimeGrid& grid) {
  const azula::Stage last = stages_of(method, grid).back();
  // x_s = x + Σ w_j z_j, with z = (x - m)/ρ: b = -w_0/ρ.
  const double current = -last.b * last.time;
  double sum = current, size = std::fabs(current);
  for (const double weight : last.h) {
    sum += weight;
    size += std::fabs(weight);
  }
  return size / std::fabs(sum);
}

}  // namespace

TEST_CASE("FixedAB has the published weights, on any steps", "[bounded]") {
  const azula::TimeGrid grid = grid_of_rho({9, 8.5, 6, 5.9, 2});
  const auto weights = [&](const ErasedMethod& method) {
    const azula::Stage last = stages_of(method, grid).back();
    const double whole = 2 - 5.9;
    return std::vector{-last.b * last.time / whole, last.h[0] / whole, last.h[1] / whole, last.h[2] / whole};
  };
  const auto near = [](const std::vector<double>& got, const std::vector<double>& expected) {
    double largest = 0;
    for (std::size_t i = 0; i < got.size(); ++i) largest = std::fmax(largest, std::fabs(got[i] - expected[i]));
    return largest < 1e-14;
  };
  CHECK(near(weights(erased(azula::FixedAB<1>{})), {1, 0, 0, 0}));
  CHECK(near(weights(erased(azula::FixedAB<2>{})), {3.0 / 2, -1.0 / 2, 0, 0}));
  CHECK(near(weights(erased(azula::FixedAB<3>{})), {23.0 / 12, -16.0 / 12, 5.0 / 12, 0}));
  CHECK(near(weights(erased(azula::iPNDM<>{})), {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24}));
}

TEST_CASE("FixedAB is zAB on even steps of rho, and velocity's vAB on even steps of its variable", "[bounded]") {
  const azula::TimeGrid even = grid_of_rho({9, 8, 7, 6, 5, 4});
  const auto fixed = stages_of(erased(azula::FixedAB<4>{}), even), exact = stages_of(erased(azula::zAB<4>{}), even);
  for (std::size_t i = 0; i < exact.size(); ++i) {
    CHECK(std::fabs(fixed[i].a - exact[i].a) < 1e-13);
    for (std::size_t j = 0; j < 3; ++j) CHECK(std::fabs(fixed[i].h[j] - exact[i].h[j]) < 1e-13);
  }
  const azula::TimeGrid straight_steps(straight, azula::linear_times({.start = 0.9, .stop = 0.1, .steps = 8}));
  const auto by_velocity = stages_of(erased(azula::FixedAB<3, azula::VelocityForm>{}), straight_steps);
  const auto exact_velocity = stages_of(erased(azula::vAB<3>{}), straight_steps);
  for (std::size_t i = 0; i < exact_velocity.size(); ++i) {
    for (std::size_t j = 0; j < 2; ++j) CHECK(std::fabs(by_velocity[i].h[j] - exact_velocity[i].h[j]) < 1e-13);
  }
}

TEST_CASE("the sizes of the weights stay below the bound where steps grow", "[bounded]") {
  const azula::TimeGrid growing = grid_of_rho({20, 19.9, 19.5, 18, 10});
  CHECK(size_of_last(erased(azula::zAB<2>{}), growing) > 3);
  CHECK(size_of_last(erased(azula::zAB<4>{}), growing) > 100);
  for (const double most : {1.0, 1.1, 2.0}) {
    CHECK(size_of_last(erased(azula::Bounded{azula::zAB<2>{}, most}), growing) < 2 * most + 1e-12);
    CHECK(size_of_last(erased(azula::Bounded{azula::zAB<3>{}, most}), growing) < 11.0 / 3 * most + 1e-12);
    CHECK(size_of_last(erased(azula::Bounded{azula::zAB<4>{}, most}), growing) < 20.0 / 3 * most + 1e-12);
  }
  const azula::TimeGrid shrinking = grid_of_rho({20, 10, 5, 2, 1});
  CHECK(size_of_last(erased(azula::Bounded{azula::zAB<3>{}, 1.1, 0}), shrinking) ==
        size_of_last(erased(azula::zAB<3>{}), shrinking));
  CHECK(size_of_last(erased(azula::Bounded{azula::zAB<4>{}, 1}), growing) - 20.0 / 3 < 1e-12);
}

TEST_CASE("weights that die away where steps shrink are drawn towards those of even steps", "[bounded]") {
  // Nodes 8, 2, 1 in ρ: the line through z at 8 and 2 has the weights 13/12, -1/12 there; even steps 3/2, -1/2.
  // Sizes 7/6 and 2, so for least = 0.7 the share of the exact ones is (1.4 - 2)/(7/6 - 2) = 0.72.
  const azula::TimeGrid shrinking = grid_of_rho({8, 2, 1});
  const azula::Stage last = stages_of(erased(azula::Bounded{azula::zAB<2>{}, 1.1, 0.7}), shrinking).back();
  const double older = 0.72 * (-1.0 / 12) + 0.28 * (-1.0 / 2);
  CHECK(std::fabs(last.h[0] - older * (1 - 2)) < 1e-14);
  CHECK(std::fabs(-last.b * last.time - (1 - older) * (1 - 2)) < 1e-14);
  CHECK(std::fabs(size_of_last(erased(azula::Bounded{azula::zAB<2>{}}), shrinking) - 1.4) < 1e-14);
}

TEST_CASE("a bounded method keeps its order on smooth grids, in both directions", "[bounded]") {
  for (const Way& way : {downwards, upwards}) {
    CHECK(std::fabs(flow_order(exactly_started(azula::Bounded{azula::xEAB<2>{}}), mixture_flow(), way) - 2) < 0.15);
    CHECK(std::fabs(flow_order(exactly_started(azula::Bounded{azula::xEAB<3>{}}), mixture_flow(), way) - 3) < 0.15);
    CHECK(std::fabs(flow_order(exactly_started(azula::Bounded{azula::vAB<3>{}}), mixture_flow(), way) - 3) < 0.15);
    CHECK(std::fabs(flow_order(exactly_started(azula::Bounded{azula::zAB<3>{}}), mixture_flow(), way) - 3) < 0.15);
  }
  // Even in the velocity's variable here, in which FixedAB is exact; in ρ its order is 2 at most.
  CHECK(std::fabs(flow_order(exactly_started(azula::FixedAB<3, azula::VelocityForm>{}), mixture_flow()) - 3) < 0.15);
  CHECK(std::fabs(flow_order(exactly_started(azula::FixedAB<4>{}), mixture_flow()) - 2) < 0.15);
}

TEST_CASE("the bound is checked", "[bounded]") {
  CHECK(complaint<std::invalid_argument>([] { azula::Bounded{azula::zAB<2>{}, 0.5}.check(); }) ==
        "azula::Bounded: most must be in [1, 1000000], got 0.5");
  CHECK(complaint<std::invalid_argument>([] { azula::Bounded{azula::zAB<2>{}, 1, 1.5}.check(); }) ==
        "azula::Bounded: least must be in [0, 1], got 1.5");
}
