#include <cmath>
#include <limits>

#include "azula/method/churned.hpp"
#include "azula/method/dpm2.hpp"
#include "azula/method/dpm_solver_2s.hpp"
#include "azula/method/dpm_solver_3s.hpp"
#include "azula/method/euler.hpp"
#include "azula/method/exponential_heun.hpp"
#include "azula/method/heun.hpp"
#include "azula/method/rk4.hpp"
#include "azula/method/x_eab.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

constexpr azula::Churn churn{.s_churn = 2.1, .s_min = 0.3, .s_max = 3, .s_noise = 1.007};

/// The noise level ρ̂ from which step i starts.
double churned(std::size_t i, double rho, bool first = false) {
  const double gamma =
      std::fmin(churn.s_churn / static_cast<double>(points().size() - 1), std::sqrt(2.0) - 1);
  return (first || i > 0) && rho >= churn.s_min && rho <= churn.s_max ? (1 + gamma) * rho : rho;
}

/// The difference of a churned method's states from those of a loop advance(from, to, y) of y = x/α.
template <class M, class Advance>
double churned_difference(const M& method, Advance&& advance) {
  std::size_t draw = 0;
  return difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
    const double rho = churned(i, t.rho);
    double y = x / t.alpha;
    if (rho > t.rho) y += churn.s_noise * std::sqrt(rho * rho - t.rho * t.rho) * noise(draw++);
    advance(rho > t.rho ? point_at_rho(rho) : t, s, y);
    x = s.alpha * y;
  });
}

}  // namespace

TEST_CASE("Heun with churn is algorithm 2 of Karras et al.", "[churn]") {
  CHECK(churned_difference(azula::Heun{churn}, [](const Point& t, const Point& s, double& y) {
          const double d = (y - network(t.alpha * y, t.t)) / t.rho;
          const double ahead = y + (s.rho - t.rho) * d;
          const double d_ahead = (ahead - network(s.alpha * ahead, s.t)) / s.rho;
          y += (s.rho - t.rho) * (d + d_ahead) / 2;
        }) < 1e-10);
}

TEST_CASE("DPM2 with churn takes the slope in the middle of log rho", "[churn]") {
  CHECK(churned_difference(azula::DPM2{churn}, [](const Point& t, const Point& s, double& y) {
          const Point m = point_at_rho(std::sqrt(t.rho * s.rho));
          const double d = (y - network(t.alpha * y, t.t)) / t.rho;
          const double y_m = y + (m.rho - t.rho) * d;
          y += (s.rho - t.rho) * (y_m - network(m.alpha * y_m, m.t)) / m.rho;
        }) < 1e-10);
}

TEST_CASE("Churned is Karras' churn around any method", "[churn]") {
  CHECK(churned_difference(azula::Churned{azula::Euler{}, churn}, [](const Point& t, const Point& s, double& y) {
          y += (s.rho - t.rho) * (y - network(t.alpha * y, t.t)) / t.rho;
        }) < 1e-10);
  double before = 0, lambda = NAN;  // of the step before, which started from a noisier node, too
  CHECK(churned_difference(azula::Churned{azula::xEAB<2>{}, churn}, [&](const Point& t, const Point& s, double& y) {
          const double h = s.lambda - t.lambda, mu = network(t.alpha * y, t.t);
          const double slope = std::isnan(lambda) ? 0 : (mu - before) / (t.lambda - lambda);
          y = s.rho / t.rho * y + simpson([&](double v) { return std::exp(v - h) * (mu + v * slope); }, 0, h);
          before = mu, lambda = t.lambda;
        }) < 1e-10);
}

TEST_CASE("churn before the first step, if it is asked for, is at the first time", "[churn]") {
  azula::Churn from_first{.s_churn = 2.1, .s_noise = 1.007, .first = true};
  const Point t = points()[0], s = points()[1];
  const double rho = 1.3 * t.rho;  // γ = 2.1/7
  const double y = first_state / t.alpha + 1.007 * std::sqrt(rho * rho - t.rho * t.rho) * noise(0);
  const double euler = y + (s.rho - rho) * (y - network(t.alpha * y, t.t)) / rho;
  CHECK(std::fabs(trajectory(azula::Churned{azula::Euler{}, from_first})[0] - s.alpha * euler) < 1e-12);
  const double ahead = (euler - network(s.alpha * euler, s.t)) / s.rho;
  const double heun = y + (s.rho - rho) * ((y - network(t.alpha * y, t.t)) / rho + ahead) / 2;
  CHECK(std::fabs(trajectory(azula::Heun{from_first})[0] - s.alpha * heun) < 1e-12);
  from_first.s_max = t.rho - 1;
  CHECK(trajectory(azula::Heun{from_first})[0] == trajectory(azula::Heun{})[0]);
  const azula::TimeGrid pure(straight, std::vector<double>{1, 0.5});  // no noise is more than pure noise
  CHECK(stages_of(erased(azula::Heun{{.s_churn = 1, .first = true}}), pure).front().evaluates);
}

TEST_CASE("churn draws noise only where gamma is positive", "[churn]") {
  std::vector<double> times;
  for (const Point& p : points()) times.push_back(p.t);
  int draws = 0, expected = 0;
  for (const azula::Stage& stage :
       stages_of(erased(azula::Heun{churn}), azula::TimeGrid(straight, times)))
    draws += stage.c != 0;
  for (std::size_t i = 1; i + 1 < times.size(); ++i)
    expected += churned(i, points()[i].rho) > points()[i].rho;
  CHECK(draws == expected);
  CHECK((draws > 0 && draws < 6));
  for (const azula::Stage& stage : stages_of(erased(azula::Heun{}), azula::TimeGrid(straight, times)))
    CHECK(stage.c == 0);
}

TEST_CASE("churn does not lead above the noise at the first time", "[churn]") {
  const azula::TimeGrid grid(straight, std::vector<double>{0.5, 0.49, 0.1});
  const auto stages = stages_of(erased(azula::Heun{{.s_churn = 1e9}}), grid);
  CHECK(!stages[2].evaluates);
  CHECK(std::fabs(stages[2].next - 0.5) < 1e-12);
}

TEST_CASE("options of churn are checked", "[churn]") {
  const auto said = [](azula::Churn options) {
    return complaint<std::invalid_argument>([&] { azula::Heun{options}.check(); });
  };
  CHECK(said({.s_churn = -1}) == "azula::Heun: s_churn must be finite and at least 0, got -1");
  CHECK(said({.s_min = -1}) == "azula::Heun: s_min must be finite and at least 0, got -1");
  CHECK(said({.s_min = 2, .s_max = 1}) == "azula::Heun: s_max must be at least s_min, got 1");
  CHECK(said({.s_noise = NAN}) == "azula::Heun: s_noise must be in [0, 100], got nan");
  CHECK(complaint<std::invalid_argument>([] { azula::Churned{azula::Euler{}, {.s_churn = -1}}.check(); }) ==
        "azula::Churned: s_churn must be finite and at least 0, got -1");
}

TEST_CASE("DPM-Solver++ 2S and 3S are those of the data prediction", "[singlestep]") {
  for (const double r : {0.5, 0.3, 1.0}) {
    CHECK(difference(azula::DPMSolver2S{r}, [&](std::size_t, const Point& t, const Point& s, double& x) {
            const double h = s.lambda - t.lambda, mu = network(x, t.t);
            const Point m = point_at_lambda(t.lambda + r * h);
            const double u = m.sigma / t.sigma * x - m.alpha * std::expm1(-r * h) * mu;
            x = s.sigma / t.sigma * x -
                s.alpha * std::expm1(-h) * ((1 - 1 / (2 * r)) * mu + network(u, m.t) / (2 * r));
          }) < 1e-10);
  }
  CHECK(difference(azula::DPMSolver3S{}, [&](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = s.lambda - t.lambda, mu = network(x, t.t), r_1 = 1.0 / 3, r_2 = 2.0 / 3;
          const Point p = point_at_lambda(t.lambda + r_1 * h), q = point_at_lambda(t.lambda + r_2 * h);
          const double u = p.sigma / t.sigma * x - p.alpha * std::expm1(-r_1 * h) * mu,
                       mu_1 = network(u, p.t);
          const double w = q.sigma / t.sigma * x - q.alpha * std::expm1(-r_2 * h) * mu +
                           r_2 / r_1 * q.alpha * (std::expm1(-r_2 * h) / (r_2 * h) + 1) * (mu_1 - mu);
          x = s.sigma / t.sigma * x - s.alpha * std::expm1(-h) * mu +
              s.alpha / r_2 * (std::expm1(-h) / h + 1) * (network(w, q.t) - mu);
        }) < 1e-10);
}

TEST_CASE("exponential Heun integrates the line through both means", "[singlestep]") {
  CHECK(difference(azula::ExponentialHeun{}, [](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = s.lambda - t.lambda, mu = network(x, t.t);
          const double ahead = s.sigma / t.sigma * x - s.alpha * std::expm1(-h) * mu,
                       mu_1 = network(ahead, s.t);
          const auto line = [&](double v) { return std::exp(v - h) * (mu + v / h * (mu_1 - mu)); };
          x = s.sigma / t.sigma * x + s.alpha * simpson(line, 0, h);
        }) < 1e-10);
}

TEST_CASE("RK4 is the classical method in log rho", "[singlestep]") {
  CHECK(difference(azula::RK4{}, [](std::size_t, const Point& t, const Point& s, double& x) {
          const double h = t.lambda - s.lambda, y = x / t.alpha;
          const Point m = point_at_lambda((t.lambda + s.lambda) / 2);
          const auto slope = [](double at, const Point& p) { return at - network(p.alpha * at, p.t); };
          const double k_1 = slope(y, t), k_2 = slope(y + h / 2 * k_1, m), k_3 = slope(y + h / 2 * k_2, m);
          x = s.alpha * (y + h / 6 * (k_1 + 2 * k_2 + 2 * k_3 + slope(y + h * k_3, s)));
        }) < 1e-10);
}
