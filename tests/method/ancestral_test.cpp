#include "azula/method/ancestral.hpp"

#include <cmath>

#include "azula/method/ddpm.hpp"
#include "azula/method/dpm2_ancestral.hpp"
#include "azula/method/dpm_solver_2s_ancestral.hpp"
#include "azula/method/euler_ancestral.hpp"
#include "catch.hpp"
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

TEST_CASE("eta of an ancestral method is in [0, 1]", "[ancestral]") {
  CHECK(complaint<std::invalid_argument>([] { azula::EulerAncestral{1.1}.check(); }) ==
        "azula::EulerAncestral: eta must be in [0, 1], got 1.1");
  CHECK(complaint<std::invalid_argument>([] { azula::DPM2Ancestral{-0.1}.check(); }) ==
        "azula::DPM2Ancestral: eta must be in [0, 1], got -0.1");
  CHECK(complaint<std::invalid_argument>([] { azula::DPMSolver2SAncestral{NAN}.check(); }).find("got nan") !=
        std::string::npos);
}
