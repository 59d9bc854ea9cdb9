#include <Eigen/Core>

#include <cmath>
#include <vector>

#include "azula/method/velocity_heun.hpp"
#include "azula/method/velocity_midpoint.hpp"
#include "azula/method/velocity_rk4.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

/// dx/dσ of a straight flow.
double velocity_at(double x, double sigma) { return (x - network(x, sigma)) / sigma; }

template <class M>
std::vector<double> run(const M& method, const std::vector<double>& times, double x) {
  return states_after_steps(stages_of(erased(method), azula::TimeGrid(straight, times)), x, network);
}

}  // namespace

TEST_CASE("the Runge–Kutta methods on the velocity are the textbook's on a straight flow", "[velocity]") {
  CHECK(difference(azula::VelocityHeun{}, [](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = s.t - t.t, k = velocity_at(x, t.t);
          x += h / 2 * (k + velocity_at(x + h * k, s.t));
        }) < 1e-13);
  CHECK(difference(azula::VelocityMidpoint{}, [](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = s.t - t.t;
          x += h * velocity_at(x + h / 2 * velocity_at(x, t.t), t.t + h / 2);
        }) < 1e-13);
  CHECK(difference(azula::VelocityRK4{}, [](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = s.t - t.t, k_1 = velocity_at(x, t.t), k_2 = velocity_at(x + h / 2 * k_1, t.t + h / 2);
          const double k_3 = velocity_at(x + h / 2 * k_2, t.t + h / 2), k_4 = velocity_at(x + h * k_3, s.t);
          x += h / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4);
        }) < 1e-13);
}

TEST_CASE("the methods on the velocity are the same on every schedule", "[velocity]") {
  // x/(α + σ) on a schedule is x on the straight one at the same σ/α.
  const azula::VPSchedule schedule;
  const auto scale = [&](double t) { return schedule(t).alpha + schedule(t).sigma; };
  const auto flow_time = [&](double t) { return schedule(t).sigma / scale(t); };
  const std::vector<double> times{1, 0.8, 0.55, 0.3, 0.04};
  std::vector<double> flow_times;
  for (const double t : times) flow_times.push_back(flow_time(t));
  const auto mean = [&](double x, double t) { return network(x / scale(t), flow_time(t)); };
  const auto check = [&](const auto& method) {
    const azula::TimeGrid grid(schedule, times);
    const auto got = states_after_steps(stages_of(erased(method), grid), scale(1) * 0.9, mean);
    const auto flow = run(method, flow_times, 0.9);
    for (std::size_t i = 0; i < flow.size(); ++i) CHECK(std::fabs(got[i] / scale(times[i + 1]) - flow[i]) < 1e-12);
  };
  check(azula::VelocityHeun{});
  check(azula::VelocityMidpoint{});
  check(azula::VelocityRK4{});
}

TEST_CASE("the methods on the velocity begin at pure noise and end in the mean", "[velocity]") {
  const double x = -0.7, m = network(x, 1), h = -0.6;
  const double euler = x + h * (x - m), half = x + h / 2 * (x - m);
  const double heun = x + h / 2 * (x - m + velocity_at(euler, 0.4));
  CHECK(std::fabs(run(azula::VelocityHeun{}, {1, 0.4}, x)[0] - heun) < 1e-15);
  CHECK(std::fabs(run(azula::VelocityMidpoint{}, {1, 0.4}, x)[0] - (x + h * velocity_at(half, 0.7))) < 1e-15);
  for (const double end : {run(azula::VelocityHeun{}, {1, 0}, x)[0], run(azula::VelocityMidpoint{}, {1, 0}, x)[0],
                           run(azula::VelocityRK4{}, {1, 0}, x)[0]}) {
    CHECK(end == m);
  }
  // Half of the noise is left in the middle, where the state is (x + m)/2.
  const double extrapolated = 2 * network((x + m) / 2, 0.5) - m;
  CHECK(std::fabs(run(azula::VelocityMidpoint{.extrapolate_final = true}, {1, 0}, x)[0] - extrapolated) < 1e-15);
}
