#pragma once
/// \file
/// One trajectory of one value, for comparing methods with their papers' formulas written as plain loops.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/noise/rectified_schedule.hpp"
#include "support/erased_method.hpp"

/// α = 1 - t, σ = t: ρ = σ/α has a closed inverse, and α is not 1.
inline constexpr azula::RectifiedSchedule straight{.alpha_min = 0, .sigma_min = 0};

struct Point {
  double t, alpha, sigma, rho, lambda;
};

inline Point point(double t) {
  return {t, 1 - t, t, t / (1 - t), std::log((1 - t) / t)};
}
inline Point point_at_rho(double rho) {
  return point(rho / (1 + rho));
}
inline Point point_at_lambda(double lambda) {
  return point_at_rho(std::exp(-lambda));
}

/// The nodes of the trajectory; no step is like another.
inline std::vector<Point> points() {
  std::vector<Point> all;
  for (const double t : {0.95, 0.83, 0.7, 0.6, 0.41, 0.3, 0.22, 0.1}) all.push_back(point(t));
  return all;
}

inline constexpr double first_state = 1.1;

/// E[X | x_t] of a made-up network.
inline double network(double x, double t) {
  return 0.8 * std::tanh(1.5 * x - 0.4) + 0.3 * std::cos(5 * t) / (1 + x * x);
}

/// Recorded noise.
inline double noise(std::size_t draw) {
  return 1.7 * std::sin(12.9898 * static_cast<double>(draw + 1));
}

/// The states after each step of a method.
template <class M>
std::vector<double> trajectory(const M& method) {
  std::vector<double> times, draws;
  for (const Point& p : points()) times.push_back(p.t);
  for (std::size_t k = 0; k < 40; ++k) draws.push_back(noise(k));
  return states_after_steps(stages_of(erased(method), azula::TimeGrid(straight, times)), first_state,
                            network, draws);
}

/// The largest difference of the states of a method from those of a loop
///
///     advance(i, t, s, x)     step i, from t to s, of the state x
template <class M, class Advance>
double difference(const M& method, Advance&& advance) {
  const std::vector<Point> nodes = points();
  const std::vector<double> states = trajectory(method);
  double x = first_state, largest = states.size() + 1 == nodes.size() ? 0 : INFINITY;
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    advance(i, nodes[i], nodes[i + 1], x);
    const double distance = std::fabs(x - states[i]);
    largest = distance <= largest ? largest : distance;  // NaN stays
  }
  return largest;
}

/// ∫ f from a to b by Simpson's rule, for integrands without closed form here.
template <class F>
double simpson(F&& f, double a, double b, int halves = 2000) {
  const double h = (b - a) / (2 * halves);
  double sum = f(a) + f(b);
  for (int i = 1; i < 2 * halves; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(a + i * h);
  return sum * h / 3;
}

/// The Lagrange polynomial of node j at v.
inline double lagrange(const std::vector<double>& nodes, std::size_t j, double v) {
  double product = 1;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (k != j) product *= (v - nodes[k]) / (nodes[j] - nodes[k]);
  }
  return product;
}
