#include "azula/method/dpm_solver_singlestep.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "azula/method/dpm_solver_2s.hpp"
#include "azula/time/log_snr_times.hpp"
#include "catch.hpp"
#include "support/trajectory.hpp"

namespace {

using azula::DPMSolverSinglestep;
using azula::ExponentialNoiseForm;
using azula::SinglestepWeights;

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
