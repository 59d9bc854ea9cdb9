#include <Eigen/Core>

#include <cmath>
#include <string>
#include <vector>

#include "azula/method/ddim.hpp"
#include "azula/method/euler.hpp"
#include "azula/method/flow_ancestral.hpp"
#include "azula/method/renoise.hpp"
#include "azula/method/tcd.hpp"
#include "azula/noise/betas.hpp"
#include "azula/noise/discrete_schedule.hpp"
#include "azula/noise/exploding_schedule.hpp"
#include "azula/noise/vp_schedule.hpp"
#include "azula/time/training_times.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

template <class M, class S>
std::vector<azula::Stage> stages_on(const M& method, const S& schedule, const std::vector<double>& times) {
  return stages_of(erased(method), azula::TimeGrid(schedule, times));
}

/// ᾱ of the training steps as a product, beside the schedule's own logarithms.
std::vector<double> alpha_bars() {
  std::vector<double> bars;
  double product = 1;
  for (const double beta : azula::linear_betas()) bars.push_back(product *= 1 - beta);
  return bars;
}

}  // namespace

TEST_CASE("Renoise keeps the mean and none of the noise", "[kept]") {
  CHECK(difference(azula::Renoise{}, [](std::size_t i, const Point& t, const Point& s, double& x) {
          x = s.alpha * network(x, t.t) + s.sigma * noise(i);
        }) < 1e-15);
  std::size_t last = points().size() - 2;
  CHECK(difference(azula::LCM{.noise_at_end = false}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          x = s.alpha * network(x, t.t) + (i == last ? 0 : s.sigma * noise(i));
        }) < 1e-15);
  const double rho_min = point(0.22).rho;
  CHECK(difference(azula::Renoise{.rho_min = rho_min},
                   [&](std::size_t i, const Point& t, const Point& s, double& x) {
                     const double variance = s.rho * s.rho - rho_min * rho_min;
                     x = s.alpha * (network(x, t.t) + (i < 5 ? std::sqrt(variance) * noise(i) : 0));
                   }) < 1e-14);
}

TEST_CASE("TCD is Euler to (1 - gamma) s, then noise", "[kept]") {
  for (const double gamma : {0.3, 0.8}) {
    CHECK(difference(azula::TCD{gamma}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const Point down = point((1 - gamma) * s.t);
            const double mu = network(x, t.t), z = (x - t.alpha * mu) / t.sigma;
            const double to = s.alpha / down.alpha, variance = s.sigma * s.sigma - std::pow(to * down.sigma, 2);
            x = to * (down.alpha * mu + down.sigma * z) + std::sqrt(variance) * noise(i);
          }) < 1e-12);
  }
}

TEST_CASE("TCD on training steps goes to the step below", "[kept]") {
  const azula::DiscreteSchedule schedule(azula::linear_betas());
  const azula::ExplodingSchedule exploding{schedule};
  const std::vector<double> bars = alpha_bars(), times = azula::training_times(schedule, {999, 759, 510, 259});
  const std::vector<azula::Stage> stages = stages_on(azula::TCD{.gamma = 0.3}, schedule, times);
  const std::vector<azula::Stage> scaled = stages_on(azula::TCD{.gamma = 0.3}, exploding, times);
  REQUIRE(stages.size() == 4);
  const std::size_t from[] = {999, 759, 510}, to[] = {759, 510, 259}, down[] = {531, 357, 181};
  for (std::size_t k = 0; k < 3; ++k) {
    const double a_t = bars[from[k]], a_s = bars[to[k]], a_down = bars[down[k]];
    const double a = std::sqrt(a_s / a_down * (1 - a_down) / (1 - a_t));
    CHECK(std::fabs(stages[k].a - a) < 1e-13);
    CHECK(std::fabs(stages[k].b - (std::sqrt(a_s) - std::sqrt(a_t) * a)) < 1e-13);
    CHECK(std::fabs(stages[k].c - std::sqrt(1 - a_s / a_down)) < 1e-13);
    CHECK(std::fabs(scaled[k].c - std::sqrt(1 / a_s - 1 / a_down)) < 1e-12);
  }
  CHECK((stages[3].a == 0 && stages[3].b == 1 && stages[3].c == 0));

  // To training step 0, where there is no step below, and to a time below it: no noise.
  const auto end = azula::training_times(schedule, {999, 10}, azula::GridEnd::first_step);
  CHECK(stages_on(azula::TCD{}, schedule, end).back().c == 0);
  CHECK(stages_on(azula::TCD{}, schedule, {1, 0.5, 0.0004}).back().c == 0);
  // A share of a step that is whole but for rounding: 0.1 · 10 is 1, though 1 - 0.9 is less than 0.1.
  const double whole = stages_on(azula::TCD{.gamma = 0.9}, schedule, azula::training_times(schedule, {999, 10}))[0].c;
  CHECK(std::fabs(whole - std::sqrt(1 - bars[10] / bars[1])) < 1e-13);
}

TEST_CASE("FlowAncestral is the RF form of Euler ancestral", "[kept]") {
  for (const double eta : {1.0, 0.6}) {
    CHECK(difference(azula::FlowAncestral{eta}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const double down = s.sigma * (1 + eta * (s.sigma / t.sigma - 1)), ratio = down / t.sigma;
            const double moved = ratio * x + (1 - ratio) * network(x, t.t), up = (1 - s.sigma) / (1 - down);
            x = up * moved + std::sqrt(s.sigma * s.sigma - std::pow(down * up, 2)) * noise(i);
          }) < 1e-12);
  }
}

TEST_CASE("FlowAncestral is the same on every schedule", "[kept]") {
  // x/(α + σ) on a schedule is x on the straight one at the same σ/α.
  const azula::VPSchedule schedule;
  std::vector<double> times{1, 0.8, 0.55, 0.3, 0.04}, flow_times, draws{0.3, -1.2, 0.7, 0.4};
  const auto flow_time = [&](double t) { return schedule(t).sigma / (schedule(t).alpha + schedule(t).sigma); };
  for (const double t : times) flow_times.push_back(flow_time(t));
  const auto scale = [&](double t) { return schedule(t).alpha + schedule(t).sigma; };
  const auto mean = [&](double x, double t) { return network(x / scale(t), flow_time(t)); };
  const azula::FlowAncestral method{0.7};
  const auto got = states_after_steps(stages_on(method, schedule, times), scale(1) * 0.9, mean, draws);
  const auto flow = states_after_steps(stages_on(method, straight, flow_times), 0.9, network, draws);
  for (std::size_t i = 0; i < flow.size(); ++i) CHECK(std::fabs(got[i] / scale(times[i + 1]) - flow[i]) < 1e-12);
}

TEST_CASE("what is kept and what is fresh make the noise of the time", "[kept]") {
  const std::vector<double> times{1, 0.9, 0.4, 0.4 - 1e-9, 0.01, 1e-5};
  for (const ErasedMethod& method :
       {erased(azula::Renoise{}), erased(azula::TCD{}), erased(azula::TCD{1}),
        erased(azula::FlowAncestral{}), erased(azula::FlowAncestral{0.2}), erased(azula::DDIM{0.4})}) {
    const std::vector<azula::Stage> stages = stages_of(method, azula::TimeGrid(straight, times));
    REQUIRE(stages.size() + 1 == times.size());
    for (std::size_t i = 0; i < stages.size(); ++i) {
      CAPTURE(method.name, i);
      const double kept = stages[i].a * times[i];
      CHECK(std::fabs(std::hypot(kept, stages[i].c) / times[i + 1] - 1) < 1e-15);
      CHECK(std::fabs(stages[i].a * (1 - times[i]) + stages[i].b - (1 - times[i + 1])) < 1e-15);
    }
  }
  // Little noise has all its digits: 1 - k in long double.
  const double eta = 1e-7;
  const long double t = 0.75L, u = 0.625L, less = eta * (1 - u / t), lost = less / (1 - u * (1 - less));
  const auto little = stages_on(azula::FlowAncestral{eta}, straight, {0.75, 0.625});
  CHECK(std::fabs(little[0].c / static_cast<double>(u * std::sqrt(lost * (2 - lost))) - 1) < 1e-15);
}

TEST_CASE("the ends of gamma and eta are Euler and Renoise", "[kept]") {
  const std::vector<double> times{1, 0.7, 0.2, 0};
  const auto same = [](const std::vector<azula::Stage>& a, const std::vector<azula::Stage>& b) {
    double largest = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < a.size(); ++i) {
      largest = std::fmax(largest, std::fabs(a[i].a - b[i].a) + std::fabs(a[i].b - b[i].b));
      largest = std::fmax(largest, std::fabs(a[i].c - b[i].c));
    }
    return largest == 0;
  };
  const auto euler = stages_on(azula::Euler{}, straight, times), fresh = stages_on(azula::Renoise{}, straight, times);
  CHECK(same(stages_on(azula::TCD{0}, straight, times), euler));
  CHECK(same(stages_on(azula::FlowAncestral{0}, straight, times), euler));
  CHECK(same(stages_on(azula::TCD{1}, straight, times), fresh));
  CHECK(same(stages_on(azula::DDIM{1e300}, straight, times), fresh));
  CHECK_FALSE(same(euler, fresh));
}

TEST_CASE("the one-number methods refuse options out of range and rising times", "[kept]") {
  const auto said = [](const auto& method) { return complaint<std::invalid_argument>([&] { method.check(); }); };
  CHECK(said(azula::TCD{1.1}) == "azula::TCD: gamma must be in [0, 1], got 1.1");
  CHECK(said(azula::TCD{NAN}) == "azula::TCD: gamma must be in [0, 1], got nan");
  CHECK(said(azula::FlowAncestral{-0.1}) == "azula::FlowAncestral: eta must be in [0, 1], got -0.1");
  CHECK(said(azula::Renoise{.rho_min = -1}) == "azula::Renoise: rho_min must be finite and at least 0, got -1");
  CHECK(said(azula::Renoise{.rho_min = INFINITY}) == "azula::Renoise: rho_min must be finite and at least 0, got inf");
  const auto up = [](const auto& method) {
    return complaint<std::invalid_argument>([&] { stages_on(method, straight, {0.1, 0.5}); });
  };
  for (const std::string& what : {up(azula::Renoise{}), up(azula::TCD{}), up(azula::FlowAncestral{})}) {
    CHECK(what.find("a method that draws noise needs times that fall") != std::string::npos);
  }
  CHECK(up(azula::TCD{0}).empty());
  CHECK(up(azula::FlowAncestral{0}).empty());
}
