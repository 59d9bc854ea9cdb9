#include <cmath>
#include <vector>

#include "azula/integrate/psi.hpp"
#include "azula/method/ddpm.hpp"
#include "azula/method/dpm_solver_multistep_sde.hpp"
#include "azula/method/dpm_solver_noise_sde.hpp"
#include "azula/method/dpm_solver_sde.hpp"
#include "azula/method/er_sde.hpp"
#include "azula/method/ito.hpp"
#include "azula/method/sa_solver.hpp"
#include "azula/noise/cosine_schedule.hpp"
#include "catch.hpp"
#include "support/complaint.hpp"
#include "support/trajectory.hpp"

using azula::psi;

TEST_CASE("DPM-Solver++(2M) SDE is k-diffusion's Heun form", "[sde]") {
  for (const double eta : {1.0, 0.4, 0.0}) {
    double before = 0, h_1 = 0;
    const azula::DPMSolverMultistepSDE<2> method{.eta = eta, .lower_order_final = false};
    CHECK(difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            const double mu = network(x, t.t), h = s.lambda - t.lambda, E = (1 + eta) * h;
            x = s.sigma / t.sigma * std::exp(-eta * h) * x - s.alpha * std::expm1(-E) * mu;
            if (i > 0) x += s.alpha * (1 + std::expm1(-E) / E) * (mu - before) / (h_1 / h);
            x += s.sigma * std::sqrt(-std::expm1(-2 * eta * h)) * (eta > 0 ? noise(i) : 0);
            before = mu;
            h_1 = h;
          }) < 1e-10);
  }
}

TEST_CASE("DPM-Solver++(3M) SDE has the right second difference", "[sde]") {
  for (const double eta : {1.0, 0.4}) {
    std::vector<double> m, lambda;
    const azula::DPMSolverMultistepSDE<3> method{.eta = eta, .lower_order_final = false};
    CHECK(difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            m.insert(m.begin(), network(x, t.t));
            lambda.insert(lambda.begin(), t.lambda);
            const double h = s.lambda - t.lambda, E = (1 + eta) * h;
            x = s.sigma / t.sigma * std::exp(-eta * h) * x + s.alpha * psi(0, E) * m[0];
            if (i > 0) {
              const double E_1 = (1 + eta) * (lambda[0] - lambda[1]), f_01 = (m[0] - m[1]) / E_1;
              double first = f_01, second = 0;
              if (i > 1) {
                const double E_2 = (1 + eta) * (lambda[1] - lambda[2]), f_12 = (m[1] - m[2]) / E_2;
                second = 2 * (f_01 - f_12) / (E_1 + E_2);
                first += E_1 * second / 2;
              }
              x += s.alpha * (psi(1, E) * first + psi(2, E) * second);
            }
            x += s.sigma * std::sqrt(-std::expm1(-2 * eta * h)) * noise(i);
          }) < 1e-10);
  }
}

TEST_CASE("the compat forms are k-diffusion's 2M SDE of midpoints and its 3M SDE", "[sde]") {
  for (const double eta : {1.0, 0.4}) {
    std::vector<double> m, h;
    const auto first_order = [&](const Point& t, const Point& s, double& x) {
      m.insert(m.begin(), network(x, t.t));
      h.insert(h.begin(), s.lambda - t.lambda);
      x = s.sigma / t.sigma * std::exp(-eta * h[0]) * x - s.alpha * std::expm1(-(1 + eta) * h[0]) * m[0];
    };
    const auto add_noise = [&](std::size_t i, const Point& s, double& x) {
      x += s.sigma * std::sqrt(-std::expm1(-2 * eta * h[0])) * noise(i);
    };
    const azula::DPMSolverMultistepSDE<2> second{.eta = eta, .lower_order_final = false, .compat = true};
    CHECK(difference(second, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            first_order(t, s, x);
            if (i > 0) x -= 0.5 * s.alpha * std::expm1(-(1 + eta) * h[0]) * (m[0] - m[1]) / (h[1] / h[0]);
            add_noise(i, s, x);
          }) < 1e-10);

    m.clear();
    h.clear();
    const azula::DPMSolverMultistepSDE<3> third{.eta = eta, .lower_order_final = false, .compat = true};
    CHECK(difference(third, [&](std::size_t i, const Point& t, const Point& s, double& x) {
            first_order(t, s, x);
            const double E = (1 + eta) * h[0], phi_2 = std::expm1(-E) / E + 1, phi_3 = phi_2 / E - 0.5;
            if (i == 1) x += s.alpha * phi_2 * (m[0] - m[1]) / (h[1] / h[0]);
            if (i > 1) {
              const double r_0 = h[1] / h[0], r_1 = h[2] / h[0];
              const double d_0 = (m[0] - m[1]) / r_0, d_1 = (m[1] - m[2]) / r_1;
              x += s.alpha * phi_2 * (d_0 + (d_0 - d_1) * r_0 / (r_0 + r_1)) - s.alpha * phi_3 * (d_0 - d_1) / (r_0 + r_1);
            }
            add_noise(i, s, x);
          }) < 1e-10);
  }
  CHECK(complaint<std::invalid_argument>([] { azula::DPMSolverMultistepSDE<4>{.compat = true}.check(); }) ==
        "azula::DPMSolverMultistepSDE: compat exists for the orders 1 to 3, got 4");
}

TEST_CASE("the noise form is diffusers' sde-dpmsolver, midpoint and heun", "[sde]") {
  // y = x/α; the solver_types differ in what multiplies the difference of the last two predictions.
  const auto largest = [](const auto& method, bool midpoint) {
    double before = 0, h_1 = 0;
    return difference(method, [&](std::size_t i, const Point& t, const Point& s, double& x) {
      const double z = (x - t.alpha * network(x, t.t)) / t.sigma, h = s.lambda - t.lambda, e = std::expm1(h);
      x = s.alpha / t.alpha * x - 2 * s.sigma * e * z + s.sigma * std::sqrt(std::expm1(2 * h)) * noise(i);
      if (i > 0 && method.order == 2) x -= s.sigma * (midpoint ? e : 2 * (e / h - 1)) * (z - before) * h / h_1;
      before = z;
      h_1 = h;
    });
  };
  CHECK(largest(azula::DPMSolverNoiseSDE<1>{}, false) < 1e-10);
  CHECK(largest(azula::DPMSolverNoiseSDE<2>{.lower_order_final = false}, false) < 1e-10);
  CHECK(largest(azula::DPMSolverNoiseSDE<2>{.lower_order_final = false, .compat = true}, true) < 1e-10);
}

TEST_CASE("the noise form of first order is Euler and Maruyama's step, with its excess of noise", "[sde]") {
  for (const double eta : {1.0, 0.3}) {
    CHECK(difference(azula::DPMSolverNoiseSDE<1>{.eta = eta},
                     [&](std::size_t i, const Point& t, const Point& s, double& x) {
                       const double z = (x - t.alpha * network(x, t.t)) / t.sigma;
                       const double variance = eta * (t.rho * t.rho - s.rho * s.rho);
                       x = s.alpha * (x / t.alpha + (1 + eta) * (s.rho - t.rho) * z + std::sqrt(variance) * noise(i));
                     }) < 1e-12);
    const Point t = point(0.8), s = point(0.5);
    const azula::TimeGrid grid(straight, {t.t, s.t});
    const azula::Stage stage = stages_of(erased(azula::DPMSolverNoiseSDE<1>{.eta = eta}), grid)[0];
    const azula::Stage same = stages_of(erased(azula::Ito{.eta = std::sqrt(eta)}), grid)[0];
    CHECK(std::fabs(stage.a - same.a) + std::fabs(stage.b - same.b) + std::fabs(stage.c - same.c) < 1e-14);
    const double excess = std::pow(stage.a * t.sigma, 2) + stage.c * stage.c - s.sigma * s.sigma;
    CHECK(std::fabs(excess - eta * (1 + eta) * std::pow(s.alpha * (t.rho - s.rho), 2)) < 1e-14);
  }
}

TEST_CASE("the noise form says what it cannot do", "[sde]") {
  const auto said = [](const std::vector<double>& times, double eta) {
    return complaint<std::invalid_argument>(
        [&] { stages_of(erased(azula::DPMSolverNoiseSDE<2>{.eta = eta}), azula::TimeGrid(straight, times)); });
  };
  CHECK(said({1, 0.5}, 1) ==
        "azula::DPMSolverNoiseSDE: alpha must be positive where the method divides by it, at time 1, got 0");
  CHECK(said({1, 0}, 1).empty());
  CHECK(said({1, 0.5}, 0).empty());
  CHECK(said({0.2, 0.5}, 1).find("a method that draws noise needs times that fall") != std::string::npos);
}

TEST_CASE("DPM-Solver++ SDE, which is SEEDS-2, moves along one Ornstein–Uhlenbeck path", "[sde]") {
  // k-diffusion takes both draws from one Brownian path in σ instead: other joint law, same marginals.
  for (const auto& [eta, r] : {std::pair{1.0, 0.5}, std::pair{0.4, 0.3}}) {
    CHECK(difference(azula::DPMSolverSDE{eta, r}, [&, eta = eta, r = r](std::size_t i, const Point& t,
                                                                        const Point& s, double& x) {
            const double mu = network(x, t.t), h = s.lambda - t.lambda;
            const Point m = point_at_lambda(t.lambda + r * h);
            const double path = std::sqrt(-std::expm1(-2 * eta * r * h)) * noise(2 * i);  // in units of σ_m
            const double u = m.sigma / t.sigma * std::exp(-eta * r * h) * x -
                             m.alpha * std::expm1(-(1 + eta) * r * h) * mu + m.sigma * path;
            const double mixed = (1 - 1 / (2 * r)) * mu + network(u, m.t) / (2 * r);
            const double rest = (1 - r) * h;
            x = s.sigma / t.sigma * std::exp(-eta * h) * x - s.alpha * std::expm1(-(1 + eta) * h) * mixed +
                s.sigma * (std::exp(-eta * rest) * path +
                           std::sqrt(-std::expm1(-2 * eta * rest)) * noise(2 * i + 1));
          }) < 1e-10);
  }
}

namespace {

/// SA-Solver (PEC): Lagrange polynomials against the kernel of the SDE; the corrector keeps the noise.
class StochasticAdams {
 public:
  StochasticAdams(const azula::SASolver<2>& options) : options_(options) {}

  void operator()(std::size_t i, const Point& t, const Point& s, double& x) {
    const double m = network(x, t.t);
    if (i > 0) x = step(t, order_, true, m);
    means_.insert(means_.begin(), m);
    nodes_.insert(nodes_.begin(), t);
    start_ = x;
    order_ = std::min(i + 1, std::size_t{2});
    if (options_.lower_order_final) order_ = std::min(order_, points().size() - 1 - i);
    eta_ = t.rho >= options_.rho_min && t.rho <= options_.rho_max ? options_.tau * options_.tau : 0;
    if (eta_ > 0) epsilon_ = noise(draw_++);
    x = step(s, order_, false, 0);
  }

 private:
  double step(const Point& s, std::size_t order, bool with_new, double m_new) const {
    const Point& t = nodes_[0];
    const double h = s.lambda - t.lambda;
    std::vector<double> at, m;
    for (std::size_t j = 0; j < order; ++j) {
      at.push_back(nodes_[j].lambda - t.lambda);
      m.push_back(means_[j]);
    }
    if (with_new) {
      at.push_back(h);
      m.push_back(m_new);
    }
    double x = s.sigma / t.sigma * std::exp(-eta_ * h) * start_;
    for (std::size_t j = 0; j < at.size(); ++j) {
      const auto kernel = [&](double v) {
        return (1 + eta_) * std::exp(-(1 + eta_) * (h - v)) * lagrange(at, j, v);
      };
      x += s.alpha * simpson(kernel, 0, h) * m[j];
    }
    return x + s.sigma * std::sqrt(-std::expm1(-2 * eta_ * h)) * epsilon_;
  }

  azula::SASolver<2> options_;
  std::vector<double> means_;  // newest first
  std::vector<Point> nodes_;
  double start_ = 0, eta_ = 0, epsilon_ = 0;
  std::size_t order_ = 1, draw_ = 0;
};

}  // namespace

TEST_CASE("SA-Solver keeps the noise of its predictor, and is stochastic within an interval", "[sde]") {
  for (const azula::SASolver<2>& options :
       {azula::SASolver<2>{}, azula::SASolver<2>{.tau = 0.7, .lower_order_final = false},
        azula::SASolver<2>{.rho_min = 0.3, .rho_max = 3}}) {
    CHECK(difference(options, StochasticAdams(options)) < 1e-10);
  }
}

namespace {

double phi(double rho) {
  return rho * (std::exp(std::pow(rho, 0.3)) + 10);
}

/// ER-SDE-3, with or without the term of second order in the slope at ρ_t; the authors' has none.
template <int N>
double extended_reverse(bool whole_slope) {
  std::vector<double> m, rho;
  return difference(azula::ERSDE<N>{}, [&](std::size_t i, const Point& t, const Point& s, double& x) {
    m.insert(m.begin(), network(x, t.t));
    rho.insert(rho.begin(), t.rho);
    const double q = phi(s.rho) / phi(t.rho), d = s.rho - t.rho;
    double y = q * x / t.alpha + (1 - q) * m[0];
    // Over log r, in which the integrands are smooth.
    const auto S = [&](int power) {
      const auto f = [&](double w) {
        return std::exp(w) * (power == 0 ? 1 : std::exp(w) - t.rho) / phi(std::exp(w));
      };
      return simpson(f, std::log(s.rho), std::log(t.rho));
    };
    if (i > 0 && N > 1) {
      double slope = (m[0] - m[1]) / (rho[0] - rho[1]), bend = 0;
      if (i > 1 && N > 2) {
        const double slope_1 = (m[1] - m[2]) / (rho[1] - rho[2]);
        bend = 2 * (slope - slope_1) / (rho[0] - rho[2]);
        if (whole_slope) slope += (rho[0] - rho[1]) * bend / 2;
      }
      y += (d + phi(s.rho) * S(0)) * slope + (d * d / 2 + phi(s.rho) * S(1)) * bend;
    }
    x = s.alpha * (y + std::sqrt(s.rho * s.rho - t.rho * t.rho * q * q) * noise(i));
  });
}

}  // namespace

TEST_CASE("ER-SDE is the authors' up to their sums of rectangles, and the third stage up to its slope",
          "[sde]") {
  CHECK(extended_reverse<1>(true) < 1e-10);
  CHECK(extended_reverse<2>(true) < 1e-10);
  CHECK(extended_reverse<3>(true) < 1e-10);
  // Theirs takes the slope of the last two means, which is that in the middle between them, for that at ρ_t.
  CHECK(extended_reverse<3>(false) > 1e-4);
}

TEST_CASE("options of the stochastic methods are checked", "[sde]") {
  const auto said = [](auto method) { return complaint<std::invalid_argument>([&] { method.check(); }); };
  CHECK(said(azula::DPMSolverMultistepSDE<2>{.eta = -1}) ==
        "azula::DPMSolverMultistepSDE: eta must be in [0, 100], got -1");
  CHECK(said(azula::DPMSolverSDE{.eta = -1}) == "azula::DPMSolverSDE: eta must be in [0, 100], got -1");
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(said(azula::DPMSolverMultistepSDE<2>{.eta = infinity}) ==
        "azula::DPMSolverMultistepSDE: eta must be in [0, 100], got inf");
  CHECK(said(azula::DPMSolverSDE{.eta = infinity}) == "azula::DPMSolverSDE: eta must be in [0, 100], got inf");
  CHECK(said(azula::DPMSolverSDE{.r = 1}) == "azula::DPMSolverSDE: r must be in [0.001, 0.999], got 1");
  CHECK(said(azula::SASolver<2>{.tau = -1}) == "azula::SASolver: tau must be in [0, 10], got -1");
  CHECK(said(azula::SASolver<2>{.rho_min = 2, .rho_max = 1}) ==
        "azula::SASolver: rho_max must be at least rho_min, got 1");
}

TEST_CASE("the larger variance of DDPM is that of white noise, which keeps its own", "[sde]") {
  // X ~ N(0, 1), so x_t has variance 1 on a variance preserving schedule and E[X | x_t] = α x_t.
  const azula::TimeGrid grid(azula::CosineSchedule{0, 0}, {0.9, 0.6, 0.35, 0.1});
  const auto stages = stages_of(erased(azula::DDPM{azula::DDPMVariance::fixed_large}), grid);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const double gain = stages[i].a + stages[i].b * grid[i].alpha;
    CHECK(std::fabs(gain * gain + stages[i].c * stages[i].c - 1) < 1e-14);
  }
  const auto small = stages_of(erased(azula::DDPM{}), grid);
  CHECK(small[0].c < stages[0].c);
  CHECK(small[0].a == stages[0].a);
  const azula::TimeGrid clean(azula::CosineSchedule{0, 0}, {0.5, 0});
  CHECK(stages_of(erased(azula::DDPM{azula::DDPMVariance::fixed_large}), clean)[0].c == 0);
}

TEST_CASE("SA-Solver's corrector may look at as many nodes as it is told", "[sde]") {
  // With two nodes and τ = 0 the corrector is the implicit rule through the new node and the one before:
  // x_c = σ_s/σ_t x_t + α_s (ψ_0 m_t + ψ_1/h (m_s - m_t)), which the next step starts from.
  double x_0 = 0, m_0 = 0;
  CHECK(difference(azula::SASolver<1, 2>{.tau = 0, .lower_order_final = false},
                   [&](std::size_t i, const Point& t, const Point& s, double& x) {
                     const double m = network(x, t.t);
                     if (i > 0) {
                       const Point before = points()[i - 1];
                       const double h = t.lambda - before.lambda, e = std::expm1(-h);
                       x = t.sigma / before.sigma * x_0 + t.alpha * (-e * m_0 + (h + e) / h * (m - m_0));
                     }
                     x_0 = x;
                     m_0 = m;
                     x = s.sigma / t.sigma * x - s.alpha * std::expm1(t.lambda - s.lambda) * m;
                   }) < 1e-12);
  const auto table = [](const auto& method) {
    std::vector<double> all;
    for (const double x : trajectory(method)) all.push_back(x);
    return all;
  };
  CHECK(table(azula::SASolver<2>{}) == table(azula::SASolver<2, 3>{}));
  CHECK(table(azula::SASolver<2, 2>{}) != table(azula::SASolver<2, 3>{}));
}
