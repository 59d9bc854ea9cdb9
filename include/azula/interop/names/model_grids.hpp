#pragma once
/// \file
/// Time grids of other systems, which are defined on a list of training steps: n times of evaluation, then the clean
/// end.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/interop/names/model_sigmas.hpp"
#include "azula/time/beta_times.hpp"
#include "azula/time/linear_quadratic_times.hpp"

namespace azula::names {

/// `count` evenly spaced numbers from `from` to `to`, both included; a single one is `from`.
inline std::vector<double> linspace(double from, double to, std::ptrdiff_t count) {
  std::vector<double> values(static_cast<std::size_t>(count), from);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    values[i] = (1 - share) * from + share * to;
  }
  return values;
}

/// The times of falling training steps, without repetitions, then the clean end.
template <class S>
std::vector<double> times_of_steps(const ModelSigmas<S>& model, const std::vector<double>& steps) {
  std::vector<double> times;
  for (const double step : steps) {
    const double t = model.time_of(step);
    if (times.empty() || t < times.back()) times.push_back(t);
  }
  times.push_back(model.clean());
  return times;
}

/// The times of n sigmas that are evenly spaced in scale(σ), from the largest to the smallest, then the clean end.
/// `inverse` is the inverse function of `scale`.
/// \throws std::invalid_argument if the largest is infinite.
template <class S, class Scale, class Inverse>
std::vector<double> even_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n, Scale&& scale, Inverse&& inverse) {
  const double first = model.time_of(model.last()), end = model.time_of(0), largest = model.sigma_at(first);
  require_finite("model_grids", "the largest sigma must be finite", largest);
  std::vector<double> times{first};
  const std::vector<double> values = linspace(scale(largest), scale(model.sigma_at(end)), n);
  for (std::size_t i = 1; i + 1 < values.size(); ++i) times.push_back(model.time_of_sigma(inverse(values[i])));
  if (n > 1) times.push_back(end);
  times.push_back(model.clean());
  return times;
}

/// The times of n sigmas that are evenly spaced in σ^(1/7).
template <class S>
std::vector<double> karras_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  return even_sigmas(
      model, n, [](double s) { return std::pow(s, 1.0 / 7); }, [](double v) { return std::pow(v, 7.0); });
}

/// The times of n sigmas that fall from the largest one, first linearly, then quadratically, then the clean end.
template <class S>
std::vector<double> linear_quadratic_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  const double first = model.time_of(model.last()), largest = model.sigma_at(first);
  require_finite("model_grids", "the largest sigma must be finite", largest);
  const double c = static_cast<double>(n / 2) / static_cast<double>(n);
  std::vector<double> times{first};
  for (std::ptrdiff_t i = 1; i < n; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(n);
    times.push_back(model.time_of_sigma(largest * (1 - linear_quadratic_progress(share, 0.025, c))));
  }
  times.push_back(model.clean());
  return times;
}

/// The times of n sigmas that are evenly spaced in log σ.
template <class S>
std::vector<double> exponential_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  return even_sigmas(model, n, [](double s) { return std::log(s); }, [](double v) { return std::exp(v); });
}

/// The times of n sigmas that are evenly spaced in arctan σ.
template <class S>
std::vector<double> kl_optimal_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  return even_sigmas(model, n, [](double s) { return std::atan(s); }, [](double v) { return std::tan(v); });
}

/// The times of training steps at quantiles of Beta(0.6, 0.6), rounded, without repetitions, then the clean end.
template <class S>
std::vector<double> beta_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  std::vector<double> steps = beta_times({.start = model.last(), .stop = 0, .steps = n});
  steps.pop_back();
  for (double& step : steps) step = std::nearbyint(step);
  return times_of_steps(model, steps);
}

/// The times of the training steps T-1-⌊i T/n⌋, i = 0 … n-1, then the clean end.
/// \tparam Number  float or double: the type in which the other system computes T/n and its multiples, and rounds them
template <class Number, class S>
std::vector<double> simple_sigmas(const ModelSigmas<S>& model, std::ptrdiff_t n) {
  const Number stride = static_cast<Number>(model.steps()) / static_cast<Number>(n);
  std::vector<double> steps;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const double skipped = static_cast<double>(std::floor(static_cast<Number>(i) * stride));
    steps.push_back((std::max)(0.0, model.last() - skipped));
  }
  return times_of_steps(model, steps);
}

}  // namespace azula::names
