#include "azula/method/gradient_estimation.hpp"

#include <cmath>

#include "azula/method/euler.hpp"
#include "azula/method/fixed_ab.hpp"
#include "azula/time/linear_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

/// The largest difference of the states of two methods.
double distance(const auto& method, const auto& other) {
  const std::vector<double> p = trajectory(method), q = trajectory(other);
  double largest = p.size() == q.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i < p.size(); ++i) largest = std::fmax(largest, std::fabs(p[i] - q[i]));
  return largest;
}

}  // namespace

TEST_CASE("gradient estimation is Euler along a mixture of two noises, as published", "[gradient_estimation]") {
  for (const double gamma : {2.0, 2.4, 0.5}) {
    double before = 0;
    CHECK(difference(azula::GradientEstimation{gamma}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const double z = (x - t.alpha * network(x, t.t)) / t.sigma;
            const double mixed = i == 0 ? z : gamma * z + (1 - gamma) * before;
            x = s.alpha * (x / t.alpha + (s.rho - t.rho) * mixed);
            before = z;
          }) < 1e-12);
  }
}

TEST_CASE("gradient estimation is Euler for gamma = 1 and FixedAB<2> for 3/2", "[gradient_estimation]") {
  CHECK(distance(azula::GradientEstimation{1}, azula::Euler{}) < 1e-14);
  CHECK(distance(azula::GradientEstimation{1.5}, azula::FixedAB<2>{}) < 1e-13);
}

TEST_CASE("gradient estimation goes from pure noise to none", "[gradient_estimation]") {
  const azula::TimeGrid grid(straight, azula::linear_times({.steps = 4}));
  const auto stages = stages_of(erased(azula::GradientEstimation{}), grid);
  CHECK(stages[0].older == 0);
  CHECK(stages[0].u == 1);  // z is x where α = 0
  CHECK(stages[1].older == 1);
  CHECK((stages[3].a == 0 && stages[3].b == 1 && stages[3].older == 0));
  CHECK(complaint<std::invalid_argument>([] { azula::GradientEstimation{-1}.check(); }) ==
        "azula::GradientEstimation: gamma must be in [0, 100], got -1");
}
