#include "azula/method/res_2s.hpp"

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "azula/method/dpm_solver_2s.hpp"
#include "azula/method/dpm_solver_3s.hpp"
#include "azula/method/exponential_heun.hpp"
#include "azula/method/seeds_3.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

namespace {

/// The noise of one step as a path, in units of σ: what it has got by now decays, and is completed by a draw.
class Path {
 public:
  Path(double eta, std::size_t draw) : eta_(eta), draw_(draw) {}

  double after(double h) {
    value_ = std::exp(-eta_ * h) * value_ + std::sqrt(-std::expm1(-2 * eta_ * h)) * noise(draw_++);
    return value_;
  }

 private:
  double eta_, value_ = 0;
  std::size_t draw_;
};

/// σ_n/σ_t e^{-ηv} x + α_n ∫ (1 + η) e^{-(1+η)(v-w)} m(w) dw over w from 0 to v = λ_n - λ_t.
template <class Mean>
double drift(double eta, const Point& t, const Point& n, double x, Mean&& mean) {
  const double v = n.lambda - t.lambda;
  const auto kernel = [&](double w) { return (1 + eta) * std::exp((1 + eta) * (w - v)) * mean(w); };
  return n.sigma / t.sigma * std::exp(-eta * v) * x + n.alpha * simpson(kernel, 0, v);
}

/// φ_1(-z) z and φ_2(-z) z, as RES and SEEDS write their weights.
double phi_1(double z) { return -std::expm1(-z); }
double phi_2(double z) { return 1 + std::expm1(-z) / z; }

}  // namespace

TEST_CASE("RES 2S integrates the line through both means along one path of noise", "[res]") {
  for (const auto& [eta, r] : {std::pair{0.0, 0.5}, std::pair{1.0, 0.5}, std::pair{0.4, 0.3}}) {
    const azula::RES2S method{eta, r};
    CHECK(difference(method, [eta = eta, r = r](std::size_t i, const Point& t, const Point& s, double& x) {
            const double h = s.lambda - t.lambda, mu = network(x, t.t);
            const Point m = point_at_lambda(t.lambda + r * h);
            Path path(eta, 2 * i);
            const double u = drift(eta, t, m, x, [&](double) { return mu; }) + m.sigma * path.after(r * h);
            const double slope = (network(u, m.t) - mu) / (r * h);
            x = drift(eta, t, s, x, [&](double v) { return mu + v * slope; }) + s.sigma * path.after((1 - r) * h);
          }) < 1e-10);
  }
}

TEST_CASE("RES 2S has the weights of its authors, and is not DPM-Solver++(2S)", "[res]") {
  const auto with = [](double r, double (*weight)(double)) {
    return [=](std::size_t, const Point& t, const Point& s, double& x) {
      const double h = s.lambda - t.lambda, mu = network(x, t.t);
      const Point m = point_at_lambda(t.lambda + r * h);
      const double second = network(m.sigma / t.sigma * x + m.alpha * phi_1(r * h) * mu, m.t);
      const double b_2 = weight(h) / r, b_1 = phi_1(h) - b_2;
      x = s.sigma / t.sigma * x + s.alpha * (b_1 * mu + b_2 * second);
    };
  };
  CHECK(difference(azula::RES2S{.r = 0.5}, with(0.5, phi_2)) < 1e-10);
  CHECK(difference(azula::DPMSolver2S{.r = 0.5}, with(0.5, [](double h) { return phi_1(h) / 2; })) < 1e-10);
  CHECK(difference(azula::DPMSolver2S{.r = 0.5}, with(0.5, phi_2)) > 1e-4);
  CHECK(difference(azula::ExponentialHeun{}, with(1, phi_2)) < 1e-10);
}

TEST_CASE("exponential Heun with noise draws once per step", "[res]") {
  for (const double eta : {1.0, 0.4}) {
    CHECK(difference(azula::ExponentialHeun{eta}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const double h = s.lambda - t.lambda, mu = network(x, t.t);
            Path path(eta, i);
            const double draw = s.sigma * path.after(h);
            const double ahead = drift(eta, t, s, x, [&](double) { return mu; }) + draw;
            const double slope = (network(ahead, s.t) - mu) / h;
            x = drift(eta, t, s, x, [&](double v) { return mu + v * slope; }) + draw;
          }) < 1e-10);
  }
}

TEST_CASE("SEEDS-3 is DPM-Solver++(3S) along one path of noise", "[res]") {
  const std::vector<double> states = trajectory(azula::SEEDS3{.eta = 0});
  CHECK(difference(azula::DPMSolver3S{}, [&](std::size_t i, const Point&, const Point&, double& x) { x = states[i]; }) <
        1e-12);
  for (const double eta : {1.0, 0.4}) {
    const double r_1 = 0.25, r_2 = 0.7;
    CHECK(difference(azula::SEEDS3{eta, r_1, r_2}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const double h = s.lambda - t.lambda, E = (1 + eta) * h, mu = network(x, t.t);
            const Point p = point_at_lambda(t.lambda + r_1 * h), q = point_at_lambda(t.lambda + r_2 * h);
            Path path(eta, 3 * i);
            const auto to = [&](const Point& n, double share, double data, double noise_there) {
              return n.sigma / t.sigma * std::exp(-eta * share * h) * x + n.alpha * data + n.sigma * noise_there;
            };
            const double u = to(p, r_1, phi_1(r_1 * E) * mu, path.after(r_1 * h));
            const double a_2 = r_2 / r_1 * phi_2(r_2 * E), a_1 = phi_1(r_2 * E) - a_2;
            const double w = to(q, r_2, a_1 * mu + a_2 * network(u, p.t), path.after((r_2 - r_1) * h));
            const double b_3 = phi_2(E) / r_2, b_1 = phi_1(E) - b_3;
            x = to(s, 1, b_1 * mu + b_3 * network(w, q.t), path.after((1 - r_2) * h));
          }) < 1e-10);
  }
}

TEST_CASE("options of RES 2S, exponential Heun and SEEDS-3 are checked", "[res]") {
  const auto said = [](const auto& method) { return complaint<std::invalid_argument>([&] { method.check(); }); };
  CHECK(said(azula::RES2S{.eta = -1}) == "azula::RES2S: eta must be in [0, 100], got -1");
  CHECK(said(azula::RES2S{.r = 0}) == "azula::RES2S: r must be in [0.001, 1], got 0");
  CHECK(said(azula::ExponentialHeun{101}) == "azula::ExponentialHeun: eta must be in [0, 100], got 101");
  CHECK(said(azula::SEEDS3{.eta = NAN}) == "azula::SEEDS3: eta must be in [0, 100], got nan");
  CHECK(said(azula::SEEDS3{.r_1 = 0.8}) == "azula::SEEDS3: r_1 must be less than r_2, got 0.8");
}
