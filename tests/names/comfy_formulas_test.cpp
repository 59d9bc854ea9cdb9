/// \file
/// ComfyUI's samplers against their formulas, written down here in σ, on a denoiser that is not linear.

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "azula/azula.hpp"
#include "azula/interop/solver_names.hpp"
#include "catch.hpp"
#include "support/erased_method.hpp"

namespace {

using Sigmas = std::vector<double>;

const azula::ExplodingSchedule<azula::DiscreteSchedule> schedule(
    azula::DiscreteSchedule(azula::scaled_linear_betas({.first = 0.00085, .last = 0.012})));

double denoised(double x, double sigma) { return std::tanh(x / (1 + sigma * sigma)) + 0.1 * std::sin(x); }
double slope(double x, double sigma) { return (x - denoised(x, sigma)) / sigma; }

const double start = 7.5;
const std::vector<double> noise{0.3, -1.2, 0.7, 0.1, -0.4, 1.5, -0.8};

/// Where the sampler of that name ends, from `start`, on six steps of Karras' grid.
double ours(const char* name) {
  const azula::TimeGrid grid(schedule, azula::comfy_times("karras", schedule, 6));
  const auto mean = [](double x, double t) { return denoised(x, schedule(t).sigma); };
  return states_after_steps(stages_of(erased(azula::comfy_sampler(name)), grid), start, mean, noise).back();
}

Sigmas sigmas() {
  Sigmas list;
  for (const double t : azula::comfy_times("karras", schedule, 6)) list.push_back(schedule(t).sigma);
  return list;
}

/// The same by a formula: step(i, x, denoised) leads from σ_i to σ_(i+1); the last step is to the mean.
double theirs(const std::function<double(std::size_t, double, double)>& step) {
  const Sigmas s = sigmas();
  double x = start;
  for (std::size_t i = 0; i + 1 < s.size(); ++i) {
    const double m = denoised(x, s[i]);
    x = s[i + 1] == 0 ? m : step(i, x, m);
  }
  return x;
}

bool same(double a, double b) { return std::fabs(a - b) < 1e-10; }

/// ∫ of the j-th Lagrange polynomial through the last `order` sigmas from σ_i to σ_(i+1): Simpson's rule is exact.
double lagrange_integral(const Sigmas& s, std::size_t i, std::size_t order, std::size_t j) {
  const auto value = [&](double at) {
    double product = 1;
    for (std::size_t k = 0; k < order; ++k) {
      if (k != j) product *= (at - s[i - k]) / (s[i - j] - s[i - k]);
    }
    return product;
  };
  return (s[i + 1] - s[i]) / 6 * (value(s[i]) + 4 * value((s[i] + s[i + 1]) / 2) + value(s[i + 1]));
}

}  // namespace

TEST_CASE("ComfyUI's samplers of one step have their formulas", "[names]") {
  const Sigmas s = sigmas();
  const double euler = theirs([&](std::size_t i, double x, double) { return x + slope(x, s[i]) * (s[i + 1] - s[i]); });
  CHECK(same(ours("euler"), euler));
  CHECK(same(ours("ddim"), euler));
  CHECK(same(ours("heun"), theirs([&](std::size_t i, double x, double) {
          const double d = slope(x, s[i]), to = x + d * (s[i + 1] - s[i]);
          return x + (d + slope(to, s[i + 1])) / 2 * (s[i + 1] - s[i]);
        })));
  CHECK(same(ours("dpm_2"), theirs([&](std::size_t i, double x, double) {
          const double middle = std::sqrt(s[i] * s[i + 1]);
          return x + slope(x + slope(x, s[i]) * (middle - s[i]), middle) * (s[i + 1] - s[i]);
        })));
  CHECK(same(ours("exp_heun_2_x0"), theirs([&](std::size_t i, double x, double m) {
          const double h = std::log(s[i] / s[i + 1]), q = std::exp(-h);
          const double m_2 = denoised(q * x + (1 - q) * m, s[i + 1]), share = (q - 1 + h) / h;
          return q * x + (1 - q - share) * m + share * m_2;
        })));
}

TEST_CASE("ComfyUI's multistep samplers have their formulas", "[names]") {
  const Sigmas s = sigmas();
  std::vector<double> means, slopes;
  const auto remember = [&](std::size_t i, double x, double m) {
    if (i == 0) means.clear(), slopes.clear();
    means.push_back(m);
    slopes.push_back((x - m) / s[i]);
  };
  const auto h_of = [&](std::size_t i) { return std::log(s[i] / s[i + 1]); };
  CHECK(same(ours("lms"), theirs([&](std::size_t i, double x, double m) {
          remember(i, x, m);
          const std::size_t order = i < 3 ? i + 1 : 4;
          for (std::size_t j = 0; j < order; ++j) x += lagrange_integral(s, i, order, j) * slopes[i - j];
          return x;
        })));
  CHECK(same(ours("ipndm"), theirs([&](std::size_t i, double x, double m) {
          remember(i, x, m);
          const std::vector<std::vector<double>> weights{
              {1},
              {3.0 / 2, -1.0 / 2},
              {23.0 / 12, -16.0 / 12, 5.0 / 12},
              {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24}};
          const std::vector<double>& c = weights[i < 3 ? i : 3];
          for (std::size_t j = 0; j < c.size(); ++j) x += (s[i + 1] - s[i]) * c[j] * slopes[i - j];
          return x;
        })));
  CHECK(same(ours("dpmpp_2m"), theirs([&](std::size_t i, double x, double m) {
          remember(i, x, m);
          const double h = h_of(i), q = std::exp(-h), k = i == 0 ? 0 : h / (2 * h_of(i - 1));
          return q * x + (1 - q) * ((1 + k) * m - (i == 0 ? 0 : k * means[i - 1]));
        })));
  CHECK(same(ours("res_multistep"), theirs([&](std::size_t i, double x, double m) {
          remember(i, x, m);
          const double h = h_of(i), q = std::exp(-h);
          if (i == 0) return q * x + (1 - q) * m;
          const double phi_1 = (1 - q) / h, phi_2 = (1 - phi_1) / h, c_2 = -h_of(i - 1) / h;
          return q * x + h * ((phi_1 - phi_2 / c_2) * m + phi_2 / c_2 * means[i - 1]);
        })));
}

TEST_CASE("ComfyUI's stochastic samplers have their formulas", "[names]") {
  const Sigmas s = sigmas();
  const auto split = [&](std::size_t i) {  // σ_down and σ_up
    const double up = s[i + 1] * std::sqrt(1 - s[i + 1] * s[i + 1] / (s[i] * s[i]));
    return std::pair(std::sqrt(s[i + 1] * s[i + 1] - up * up), up);
  };
  CHECK(same(ours("euler_ancestral"), theirs([&](std::size_t i, double x, double) {
          const auto [down, up] = split(i);
          return x + slope(x, s[i]) * (down - s[i]) + up * noise[i];
        })));
  CHECK(same(ours("dpm_2_ancestral"), theirs([&](std::size_t i, double x, double) {
          const auto [down, up] = split(i);
          const double middle = std::sqrt(s[i] * down);
          return x + slope(x + slope(x, s[i]) * (middle - s[i]), middle) * (down - s[i]) + up * noise[i];
        })));
  CHECK(same(ours("dpmpp_2s_ancestral"), theirs([&](std::size_t i, double x, double m) {
          const auto [down, up] = split(i);
          const double q = down / s[i], half = std::sqrt(q);
          return q * x + (1 - q) * denoised(half * x + (1 - half) * m, half * s[i]) + up * noise[i];
        })));
  CHECK(same(ours("ddpm"), theirs([&](std::size_t i, double x, double m) {
          const double bar = 1 / (1 + s[i] * s[i]), next = 1 / (1 + s[i + 1] * s[i + 1]), alpha = bar / next;
          const double z = (x - m) / s[i], y = x * std::sqrt(bar);
          const double mu = (y - (1 - alpha) * z / std::sqrt(1 - bar)) / std::sqrt(alpha);
          return (mu + std::sqrt((1 - alpha) * (1 - next) / (1 - bar)) * noise[i]) / std::sqrt(next);
        })));
  CHECK(same(ours("lcm"), theirs([&](std::size_t i, double, double m) { return m + s[i + 1] * noise[i]; })));
}

TEST_CASE("ComfyUI's multistep samplers of the SDE have their formulas", "[names]") {
  const Sigmas s = sigmas();
  std::vector<double> means;
  const auto h_of = [&](std::size_t i) { return std::log(s[i] / s[i + 1]); };
  const auto first_order = [&](std::size_t i, double x, double m) {
    if (i == 0) means.clear();
    means.push_back(m);
    const double q = std::exp(-h_of(i));
    return q * q * x + (1 - q * q) * m + s[i + 1] * std::sqrt(1 - q * q) * noise[i];
  };
  const auto difference = [&](std::size_t i) { return (means[i] - means[i - 1]) * h_of(i) / h_of(i - 1); };
  const auto phi_2 = [&](std::size_t i) { return std::expm1(-2 * h_of(i)) / (2 * h_of(i)) + 1; };
  CHECK(same(ours("dpmpp_2m_sde"), theirs([&](std::size_t i, double x, double m) {
          x = first_order(i, x, m);
          return i == 0 ? x : x - 0.5 * std::expm1(-2 * h_of(i)) * difference(i);
        })));
  CHECK(same(ours("dpmpp_2m_sde_heun"), theirs([&](std::size_t i, double x, double m) {
          x = first_order(i, x, m);
          return i == 0 ? x : x + phi_2(i) * difference(i);
        })));
  CHECK(same(ours("dpmpp_3m_sde"), theirs([&](std::size_t i, double x, double m) {
          x = first_order(i, x, m);
          if (i == 0) return x;
          if (i == 1) return x + phi_2(i) * difference(i);
          const double r_0 = h_of(i - 1) / h_of(i), r_1 = h_of(i - 2) / h_of(i);
          const double d_0 = difference(i), d_1 = (means[i - 1] - means[i - 2]) / r_1;
          const double change = (d_0 - d_1) / (r_0 + r_1);
          return x + phi_2(i) * (d_0 + r_0 * change) - (phi_2(i) / (2 * h_of(i)) - 0.5) * change;
        })));
}
