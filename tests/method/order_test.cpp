/// \file
/// Orders of convergence, measured on flows whose solution is known, with exact starting values.

#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "azula/denoise.hpp"
#include "azula/method.hpp"
#include "azula/noise/rectified_schedule.hpp"
#include "azula/sample/sampler.hpp"
#include "catch.hpp"
#include "support/any.hpp"

namespace {

using Eigen::ArrayXd;
using Denoiser = AnyDenoiser<ArrayXd>;

const azula::RectifiedSchedule schedule{.alpha_min = 0, .sigma_min = 0};  // α = 1 - t, σ = t, ρ = t/(1 - t)

/// The time at which a method's own variable has a value.
double time_of_rho(double rho) {
  return rho / (1 + rho);
}
double time_of_log_rho(double u) {
  return 1 / (1 + std::exp(-u));
}
double time_of_share(double u) {
  return u;
}  // σ/(α + σ)

constexpr int finest = 1024;

/// A flow along finest + 1 nodes, even in a variable.
struct Flow {
  Denoiser denoiser;
  std::vector<double> times;
  std::vector<ArrayXd> states;  // the exact ones
};

std::vector<double> even(double first, double last, int steps, double (*time)(double)) {
  std::vector<double> times;
  for (int i = 0; i <= steps; ++i) times.push_back(time(first + i * (last - first) / steps));
  return times;
}

/// Gaussian data: x_t = α μ + √(α² v + σ²) ξ with ξ constant.
Flow gaussian(const std::vector<double>& times) {
  const ArrayXd mean{{0.8, -0.3}}, variance{{0.3, 2.0}}, noise{{-1.2, 0.7}};
  Flow flow{Denoiser(azula::GaussianDenoiser(mean, variance, schedule)), times, {}};
  for (const double t : times) {
    const auto [a, s] = schedule(t);
    flow.states.push_back(a * mean + (a * a * variance + s * s).sqrt() * noise);
  }
  return flow;
}

/// A mixture, integrated by 16 classical Runge–Kutta steps between the nodes: d(x/α) = z dρ.
Flow mixture(const std::vector<double>& times) {
  const Eigen::MatrixXd means{{0.5, -0.6}, {0.2, 0.4}};
  Flow flow{Denoiser(azula::MixtureDenoiser(ArrayXd{{0.6, 0.4}}, means, ArrayXd{{0.35, 0.5}}, schedule)),
            times,
            {}};
  const auto noise = [&](const ArrayXd& y, double rho) {
    const double t = time_of_rho(rho);
    const auto [a, s] = schedule(t);
    ArrayXd mean(2);
    flow.denoiser(ArrayXd(a * y), t, mean);
    return ArrayXd((a * y - a * mean) / s);
  };
  flow.states.push_back(ArrayXd{{0.9, -0.4}});
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const double from = times[i] / (1 - times[i]), to = times[i + 1] / (1 - times[i + 1]),
                 h = (to - from) / 16;
    ArrayXd y = flow.states.back() / (1 - times[i]);
    for (int j = 0; j < 16; ++j) {
      const double rho = from + j * h;
      const ArrayXd k1 = noise(y, rho), k2 = noise(y + h / 2 * k1, rho + h / 2);
      const ArrayXd k3 = noise(y + h / 2 * k2, rho + h / 2), k4 = noise(y + h * k3, rho + h);
      y += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    flow.states.push_back(y * (1 - times[i + 1]));
  }
  return flow;
}

/// The error at the end of a run over every `stride`-th node. The first `exact` steps are replaced by the
/// solution; what they remember is what the method would have seen there. One stage per step.
double error(const Flow& flow, const std::vector<azula::Stage>& stages, int stride, int exact) {
  std::vector<ArrayXd> remembered;
  ArrayXd x, mean(2);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const azula::Stage& stage = stages[i];
    if (static_cast<int>(i) <= exact) x = flow.states[i * static_cast<std::size_t>(stride)];
    flow.denoiser(x, stage.time, mean);
    const ArrayXd prediction = stage.u * x + stage.v * mean;
    x = stage.a * x + stage.b * mean;
    for (int j = 0; j < stage.older; ++j) {
      const auto back = static_cast<std::size_t>(j);
      x += stage.h[back] * remembered[remembered.size() - 1 - back];
    }
    remembered.push_back(prediction);
  }
  return (x - flow.states.back()).abs().maxCoeff();
}

/// Slope of log error over log steps, from 128 to 1024 steps.
double slope(const std::function<double(int stride)>& error) {
  double numerator = 0, denominator = 0;
  for (int i = 0; i < 4; ++i) {
    const double at = i - 1.5;
    numerator -= at * std::log2(error(8 >> i));
    denominator += at * at;
  }
  return numerator / denominator;
}

template <int N, class M>
void require_order(const Flow& flow, const M& method) {
  const double order = slope([&](int stride) {
    std::vector<double> times;
    for (std::size_t i = 0; i < flow.times.size(); i += static_cast<std::size_t>(stride))
      times.push_back(flow.times[i]);
    const azula::Sampler sampler(flow.denoiser, method, times);
    if (sampler.stages().size() > times.size())
      return (sampler(flow.states[0]) - flow.states.back()).abs().maxCoeff();
    return error(flow, sampler.stages(), stride, N - 1);
  });
  CAPTURE(method.name(), order);
  CHECK(std::fabs(order - N) < 0.15);
}

template <template <int> class M>
void require_orders(double first, double last, double (*time)(double)) {
  const std::vector<double> times = even(first, last, finest, time);
  for (const Flow& flow : {gaussian(times), mixture(times)}) {
    require_order<1>(flow, M<1>{});
    require_order<2>(flow, M<2>{});
    require_order<3>(flow, M<3>{});
    require_order<4>(flow, M<4>{});
  }
}

}  // namespace

TEST_CASE("Euler's method has order one and Heun's order two", "[order]") {
  const std::vector<double> times = even(4, 0.2, finest, time_of_rho);
  for (const Flow& flow : {gaussian(times), mixture(times)}) {
    require_order<1>(flow, azula::Euler{});
    require_order<2>(flow, azula::Heun{});
  }
}

TEST_CASE("zAB<N> has order N in σ/α", "[order]") {
  require_orders<azula::zAB>(2, 0.5, time_of_rho);
}
TEST_CASE("vAB<N> has order N in σ/(α + σ)", "[order]") {
  require_orders<azula::vAB>(0.9, 0.1, time_of_share);
}
TEST_CASE("zEAB<N> has order N in log σ/α", "[order]") {
  require_orders<azula::zEAB>(2, -2, time_of_log_rho);
}
TEST_CASE("xEAB<N> has order N in log σ/α", "[order]") {
  require_orders<azula::xEAB>(2, -2, time_of_log_rho);
}
TEST_CASE("REAB<N> has order N in log σ/α", "[order]") {
  require_orders<azula::REAB>(2, -2, time_of_log_rho);
}
