#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "azula/denoise/gaussian_denoiser.hpp"
#include "azula/integrate/gauss_legendre.hpp"
#include "azula/integrate/interpolatory_weights.hpp"
#include "azula/method.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"

namespace {

using Real = long double;
using Kernel = std::function<Real(Real)>;

/// ∫_0^h f by Romberg's rule.
Real romberg(const Kernel& f, Real h) {
  constexpr int depth = 14;
  std::vector<Real> row{(f(0) + f(h)) * h / 2};
  for (int level = 1; level <= depth; ++level) {
    Real sum = 0;
    const int points = 1 << (level - 1);
    for (int i = 0; i < points; ++i) sum += f(h * (2 * i + 1) / (2 * points));
    std::vector<Real> next{row[0] / 2 + sum * h / (2 * points)};
    Real power = 1;
    for (int k = 1; k <= level; ++k) {
      power *= 4;
      next.push_back(next.back() + (next.back() - row[static_cast<std::size_t>(k - 1)]) / (power - 1));
    }
    if (level > 6 && std::fabs(next.back() - row.back()) <= 1e-18L * std::fabs(next.back()))
      return next.back();
    row = next;
  }
  return row.back();
}

/// ∫_0^h κ v^k dv, k = 0 … 7.
std::vector<Real> moments(const Kernel& kernel, Real h) {
  std::vector<Real> result;
  for (int k = 0; k < azula::max_order; ++k) {
    result.push_back(romberg([&](Real v) { return kernel(v) * std::pow(v, static_cast<Real>(k)); }, h));
  }
  return result;
}

/// By how much weights h_j of nodes v_j miss the moment of degree k, relative to what is added up.
template <class Weights>
double miss(const std::vector<Real>& nodes, const Weights& weights, Real moment, int k) {
  Real sum = 0, size = std::fabs(moment);
  for (std::size_t j = 0; j < nodes.size(); ++j) {
    const Real term = static_cast<Real>(weights[j]) * std::pow(nodes[j], static_cast<Real>(k));
    sum += term;
    size += std::fabs(term);
  }
  return static_cast<double>(std::fabs(sum - moment) / size);
}

/// A schedule that has log σ/α = t, with α² + σ² = 1.
struct LogSchedule {
  azula::Scales operator()(double t) const {
    return {1 / std::sqrt(1 + std::exp(2 * t)), 1 / std::sqrt(1 + std::exp(-2 * t))};
  }
};

}  // namespace

TEST_CASE("one panel of Gauss-Legendre is exact for polynomials of degree 39", "[integrate]") {
  for (int degree = 0; degree <= 39; ++degree) {
    CAPTURE(degree);
    const double value = azula::gauss_legendre([&](double v) { return std::pow(v, degree); }, 1.5);
    REQUIRE(std::fabs(value / (std::pow(1.5, degree + 1) / (degree + 1)) - 1) < 2e-14);
  }
  REQUIRE(std::fabs(azula::gauss_legendre([](double v) { return std::exp(v); }, -30, 8) / std::expm1(-30) -
                    1) < 1e-14);
  REQUIRE(std::fabs(azula::gauss_legendre([](double v) { return 1 / std::cosh(v); }, 12, 1) /
                        (2 * std::atan(std::tanh(6.0))) -
                    1) < 1e-14);
}

TEST_CASE("weights integrate every polynomial of degree below N exactly", "[integrate]") {
  const std::function<Real(Real, Real)> kernels[] = {[](Real, Real) { return Real(1); },
                                                     [](Real, Real v) { return std::exp(v); },
                                                     [](Real u, Real v) { return 1 / std::cosh(u + v); }};
  double worst = 0;
  for (const auto& kernel : kernels) {
    for (const double u : {-7.0, 0.0, 7.0}) {
      for (const double step : {1e-6, 1e-4, 1e-2, 1.0, 10.0}) {
        const std::vector<Real> wanted = moments([&](Real v) { return kernel(u, v); }, -step);
        const auto integral = [&](auto&& f) {
          const auto weighted = [&](double v) { return static_cast<double>(kernel(u, v)) * f(v); };
          return azula::gauss_legendre(weighted, -step, 1);
        };
        for (const double growth : {1.0, 0.7, 1.6}) {  // of a step over the one before
          azula::OtherNodes nodes;
          std::vector<Real> at;
          double node = 0, length = step;
          for (int order = 2; order <= azula::max_order; ++order) {
            length /= growth;
            node += length;
            nodes.add(node);
            at.push_back(node);
            const auto weights = azula::interpolatory_weights(nodes, integral);
            for (int k = 1; k < order; ++k) {
              worst = std::fmax(worst, miss(at, weights, wanted[static_cast<std::size_t>(k)], k));
            }
          }
        }
      }
    }
  }
  CHECK(worst < 1e-13);
}

namespace {

/// What a method integrates: the variable, and k_s w(u_t + v) for the step from t to s.
struct Form {
  std::function<Real(const azula::Scales&)> variable;
  std::function<Real(const azula::Scales& t, const azula::Scales& s, Real v)> kernel;
  Real least =
      0;  // the variable may have the rounding of a number of this size: 1 for a logarithm or a share
};

/// The stages of order N along nodes one step apart in log σ/α, down to `last`.
template <class M>
void require_exact(const M& method, const Form& form, double last, double step) {
  std::vector<double> times;
  for (int i = 0; i <= M::history; ++i) times.push_back(last + (M::history - i) * step);
  const azula::Sampler sampler(azula::GaussianDenoiser(0.0, 1.0, LogSchedule{}), method, times);
  const azula::Stage& stage = sampler.stages().back();
  const azula::Scales t = LogSchedule{}(stage.time), s = LogSchedule{}(stage.next);
  const Real u = form.variable(t), h = form.variable(s) - u;
  std::vector<Real> nodes;
  for (int j = 1; j <= stage.older; ++j) {
    nodes.push_back(form.variable(LogSchedule{}(times[static_cast<std::size_t>(M::history - 1 - j)])) - u);
  }
  CAPTURE(method.name(), last, step);
  REQUIRE(stage.older == M::history - 1);
  const std::vector<Real> wanted = moments([&](Real v) { return form.kernel(t, s, v); }, h);
  // The variable is a double, which rounds its differences.
  const double digits =
      1e-13 + 1e-15 * static_cast<double>(std::fmax(std::fabs(u), form.least) / std::fabs(h));
  for (int k = 1; k < M::history; ++k) {
    CAPTURE(k);
    CHECK(miss(nodes, stage.h, wanted[static_cast<std::size_t>(k)], k) < k * digits);
  }
}

template <template <int> class M>
void require_exact(const Form& form) {
  for (const double last : {-7.0, 0.0, 6.0}) {
    for (const double step : {1e-6, 1e-3, 0.1, 1.0}) {
      require_exact(M<2>{}, form, last, step);
      require_exact(M<4>{}, form, last, step);
      require_exact(M<8>{}, form, last, step);
    }
  }
}

Real rho(const azula::Scales& n) {
  return static_cast<Real>(n.sigma) / n.alpha;
}
Real log_rho(const azula::Scales& n) {
  return std::log(rho(n));
}

}  // namespace

TEST_CASE("the stages of zAB, vAB, zEAB, xEAB and REAB carry those weights", "[integrate]") {
  using azula::Scales;
  require_exact<azula::zAB>({rho, [](const Scales&, const Scales& s, Real) { return Real(s.alpha); }});
  require_exact<azula::vAB>(
      {[](const Scales& n) { return n.sigma / (static_cast<Real>(n.alpha) + n.sigma); },
       [](const Scales&, const Scales& s, Real) { return static_cast<Real>(s.alpha) + s.sigma; }, 1});
  require_exact<azula::zEAB>(
      {log_rho, [](const Scales& t, const Scales& s, Real v) { return s.alpha * rho(t) * std::exp(v); }, 1});
  require_exact<azula::xEAB>(
      {[](const Scales& n) { return -log_rho(n); },
       [](const Scales& t, const Scales& s, Real v) { return s.sigma / rho(t) * std::exp(v); }, 1});
  require_exact<azula::REAB>({log_rho,
                              [](const Scales& t, const Scales& s, Real v) {
                                const Real r =
                                    std::hypot(static_cast<Real>(s.alpha), static_cast<Real>(s.sigma));
                                return r / (2 * std::cosh(log_rho(t) + v));
                              },
                              1});
}
