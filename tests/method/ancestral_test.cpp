#include "azula/method/ancestral.hpp"

#include <cmath>

#include "azula/method.hpp"
#include "azula/noise.hpp"
#include "azula/time/linear_times.hpp"
#include "catch.hpp"
#include "support/any.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

struct Split {
  double down, up;
};

/// ρ_down and ρ_up in long double.
Split split(double eta, const Point& t, const Point& s) {
  const long double q = static_cast<long double>(s.rho) / t.rho, e = eta;
  return {static_cast<double>(s.rho * std::sqrt(1 - e * e * (1 - q * q))),
          static_cast<double>(s.rho * e * std::sqrt(1 - q * q))};
}

/// The node at ρ_down: at the last time there is nothing below.
Point point_below(double rho) {
  const Point last = points().back();
  if (rho >= last.rho) return point_at_rho(rho);
  return {last.t, last.alpha, last.alpha * rho, rho, -std::log(rho)};
}

/// Whether two methods have the same numbers on a grid, to rounding.
bool same_stages(const ErasedMethod& method, const ErasedMethod& other, const azula::TimeGrid& grid) {
  const std::vector<azula::Stage> p = stages_of(method, grid), q = stages_of(other, grid);
  if (p.size() != q.size()) return false;
  double largest = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const std::pair<double, double> pairs[] = {{p[k].time, q[k].time}, {p[k].next, q[k].next}, {p[k].a, q[k].a},
                                               {p[k].b, q[k].b},       {p[k].c, q[k].c},       {p[k].h[0], q[k].h[0]},
                                               {p[k].from.value_or(p[k].time), q[k].from.value_or(q[k].time)}};
    for (const auto& [a, b] : pairs) largest = std::fmax(largest, std::fabs(a - b) / (1 + std::fabs(a)));
  }
  return largest < 1e-13;
}

}  // namespace

TEST_CASE("an ancestral split keeps its digits over long steps", "[ancestral]") {
  for (const auto& [from, to] : {std::pair{700.0, 0.7}, std::pair{80.0, 0.02}}) {
    const azula::AncestralSplit full(1, {1, 1, from}, {0, 1, to});
    CHECK(std::fabs(full.down / (to * to / from) - 1) < 1e-15);
    CHECK(std::fabs(full.up / (to * std::sqrt(1 - to / from * to / from)) - 1) < 1e-15);
    // The coefficients are cast to the scalar of the state only here: nothing is left to cancel in it.
    std::vector<azula::Stage> stages;
    const azula::TimeGrid grid([=](double t) { return azula::Scales{1, t}; }, {from, to});
    azula::EulerAncestral{}.append(stages, grid, 0);
    CHECK(std::fabs(static_cast<float>(stages[0].a) / static_cast<float>(to * to / (from * from)) - 1) <
          1e-6f);
    CHECK(static_cast<float>(stages[0].c) > 0);
  }
}

TEST_CASE("an ancestral split holds for every eta", "[ancestral]") {
  const Point t = point(0.9), s = point(0.3);
  for (const double eta : {0.0, 1e-3, 0.5, 0.9, 0.999999, 1.0}) {
    const azula::AncestralSplit got(eta, {t.t, t.alpha, t.sigma}, {s.t, s.alpha, s.sigma});
    const Split expected = split(eta, t, s);
    CHECK(std::fabs(got.down - expected.down) < 1e-15);
    CHECK(std::fabs(got.up - expected.up) < 1e-15);
    CHECK(std::fabs(got.down * got.down + got.up * got.up - s.rho * s.rho) < 1e-15);
  }
}

TEST_CASE("Euler ancestral is Euler to rho_down, then noise", "[ancestral]") {
  for (const double eta : {1.0, 0.6}) {
    CHECK(
        difference(azula::EulerAncestral{eta}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          const auto [down, up] = split(eta, t, s);
          const double mu = network(x, t.t), z = (x - t.alpha * mu) / t.sigma;
          x = s.alpha * (mu + down * z + up * noise(i));
        }) < 1e-12);
  }
}

TEST_CASE("DPM2 ancestral is the midpoint rule to rho_down, then noise", "[ancestral]") {
  for (const double eta : {1.0, 0.6}) {
    CHECK(
        difference(azula::DPM2Ancestral{eta}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          const auto [down, up] = split(eta, t, s);
          const Point m = point_at_rho(std::sqrt(t.rho * down));
          const double y = x / t.alpha, d = (y - network(x, t.t)) / t.rho;
          const double y_m = y + (m.rho - t.rho) * d;
          const double d_m = (y_m - network(m.alpha * y_m, m.t)) / m.rho;
          x = s.alpha * (y + (down - t.rho) * d_m + up * noise(i));
        }) < 1e-10);
  }
}

TEST_CASE("DPM-Solver++(2S) ancestral is the exponential midpoint rule to rho_down, then noise",
          "[ancestral]") {
  for (const double eta : {1.0, 0.6}) {
    CHECK(difference(azula::DPMSolver2SAncestral{eta}, [&](std::size_t i, const Point& t, const Point& s,
                                                           double& x) {
            const auto [down, up] = split(eta, t, s);
            const double H = -std::log(down) - t.lambda;
            const Point m = point_at_lambda(t.lambda + H / 2);
            const double u = m.sigma / t.sigma * x + m.alpha * -std::expm1(-H / 2) * network(x, t.t);
            const double y = down / t.rho * (x / t.alpha) + -std::expm1(-H) * network(u, m.t);
            x = s.alpha * (y + up * noise(i));
          }) < 1e-10);
  }
}

TEST_CASE("Ancestral makes of Euler, DPM2 and DPM-Solver++(2S) their ancestral forms", "[ancestral]") {
  const std::vector<AnySchedule> schedules = {{azula::VPSchedule{}}, {azula::VESchedule{}}, {straight}};
  for (const AnySchedule& schedule : schedules) {
    const azula::TimeGrid grid(schedule, azula::linear_times({.steps = 7}));
    for (const double eta : {1.0, 0.6, 0.0}) {
      const auto same = [&](const auto& p, const auto& q) { return same_stages(erased(p), erased(q), grid); };
      CHECK(same(azula::Ancestral{azula::Euler{}, eta}, azula::EulerAncestral{eta}));
      CHECK(same(azula::Ancestral{azula::DPM2{}, eta}, azula::DPM2Ancestral{eta}));
      CHECK(same(azula::Ancestral{azula::DPMSolver2S{}, eta}, azula::DPMSolver2SAncestral{eta}));
    }
    CHECK(same_stages(erased(azula::Ancestral{azula::xEAB<3>{}, 0}), erased(azula::xEAB<3>{}), grid));
  }
}

TEST_CASE("Ancestral Heun asks the network at rho_down, or at the last time", "[ancestral]") {
  for (const double eta : {1.0, 0.6}) {
    const azula::Ancestral method{azula::Heun{}, eta};
    CHECK(difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const auto [rho, up] = split(eta, t, s);
            const Point down = point_below(rho);
            const double y = x / t.alpha, d = (y - network(x, t.t)) / t.rho;
            const double ahead = y + (rho - t.rho) * d;
            const double d_ahead = (ahead - network(down.alpha * ahead, down.t)) / rho;
            x = s.alpha * (y + (rho - t.rho) * (d + d_ahead) / 2 + up * noise(i));
          }) < 1e-10);
  }
}

TEST_CASE("an ancestral multistep method remembers across the noise", "[ancestral]") {
  double before = 0;
  const azula::Ancestral method{azula::xEAB<2>{}, 0.8};
  CHECK(difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
          const auto [rho, up] = split(0.8, t, s);
          const double h = -std::log(rho) - t.lambda, mu = network(x, t.t);
          const double slope = i == 0 ? 0 : (mu - before) / (t.lambda - points()[i - 1].lambda);
          const auto line = [&](double v) { return std::exp(v - h) * (mu + v * slope); };
          const double y = rho / t.rho * (x / t.alpha) + simpson(line, 0, h);
          x = s.alpha * (y + up * noise(i));
          before = mu;
        }) < 1e-10);
}

TEST_CASE("from pure noise an ancestral method remembers what the method inside does", "[ancestral]") {
  const azula::TimeGrid grid(straight, azula::linear_times({.steps = 4}));
  const auto ancestral = stages_of(erased(azula::Ancestral{azula::vAB<2>{}}), grid);
  CHECK(ancestral[0].u == 1);  // z - m where α = 0
  CHECK(ancestral[0].v == -1);
  CHECK(ancestral[0].c == 0.75);  // all its noise is fresh
  CHECK(ancestral[1].older == 1);
  CHECK(ancestral[3].c == 0);  // and no noise is left at the end
  CHECK(ancestral[3].a == 0);
  CHECK(ancestral[3].b == 1);
}

TEST_CASE("an ancestral method refuses noise inside, rising times and options out of range", "[ancestral]") {
  const azula::TimeGrid falling(straight, std::vector{0.9, 0.5, 0.1}), rising(straight, std::vector{0.1, 0.5, 0.9});
  const auto said = [](const auto& method, const azula::TimeGrid& grid) {
    return complaint<std::invalid_argument>([&] { stages_of(erased(method), grid); });
  };
  CHECK(said(azula::Ancestral{azula::DDPM{}}, falling) ==
        "azula::Ancestral: the method inside must draw no noise of its own, got DDPM");
  CHECK(said(azula::Ancestral{azula::Heun{}}, rising) ==
        "azula::Ancestral: a method that draws noise needs times that fall, from noise to data, got 0.1 to 0.9");
  CHECK(said(azula::Ancestral{azula::Heun{}, 0}, rising).empty());
  CHECK(said(azula::Ancestral{azula::Heun{}, 1.1}, falling) == "azula::Ancestral: eta must be in [0, 1], got 1.1");
  CHECK(said(azula::Ancestral{azula::DPMSolver2S{2}}, falling) == "azula::DPMSolver2S: r must be in [0.001, 1], got 2");
}

TEST_CASE("eta of an ancestral method is in [0, 1]", "[ancestral]") {
  CHECK(complaint<std::invalid_argument>([] { azula::EulerAncestral{1.1}.check(); }) ==
        "azula::EulerAncestral: eta must be in [0, 1], got 1.1");
  CHECK(complaint<std::invalid_argument>([] { azula::DPM2Ancestral{-0.1}.check(); }) ==
        "azula::DPM2Ancestral: eta must be in [0, 1], got -0.1");
  CHECK(complaint<std::invalid_argument>([] { azula::DPMSolver2SAncestral{NAN}.check(); }).find("got nan") !=
        std::string::npos);
}
