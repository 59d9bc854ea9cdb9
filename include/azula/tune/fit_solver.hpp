#pragma once
/// \file

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cstddef>
#include <utility>
#include <vector>

#include "azula/denoise/evaluate.hpp"
#include "azula/method/tabulated.hpp"
#include "azula/plan/stage.hpp"
#include "azula/tune/best_grid.hpp"
#include "azula/tune/pilot.hpp"

namespace azula {

/// The weights of the steps between given times that bring the pilot states nearest to the exact flow.
///
///     x <- a x + b m + Σ_j h_j m_j
///
/// with the last N means m, m_1, … For each step they are a linear regression of the true state at its end on the state
/// reached so far and these means. Errors of earlier steps are in the data, and are corrected as far as possible.
/// \return the stages, and the error of their last state
template <int N, class D, State X>
std::pair<std::vector<Stage>, Eigen::VectorXd> fit_weights(const Pilot<D, X>& pilot, const std::vector<double>& times) {
  plain_t<X> state = pilot.start(), mean(state);
  std::vector<Eigen::VectorXd> columns;  // the means, newest first
  std::vector<Stage> stages;
  Eigen::VectorXd reached = pilot.flat(state), wanted;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    evaluate(pilot.denoiser(), state, times[i], mean);
    columns.insert(columns.begin(), pilot.flat(mean));
    if (columns.size() > N) columns.pop_back();
    const auto count = static_cast<Eigen::Index>(columns.size());
    Eigen::MatrixXd regressors(reached.size(), count + 1);
    regressors.col(0) = reached;
    for (Eigen::Index j = 0; j < count; ++j) regressors.col(j + 1) = columns[static_cast<std::size_t>(j)];
    wanted = pilot.at(times[i + 1]);
    Eigen::MatrixXd normal = regressors.transpose() * regressors;
    const Eigen::VectorXd scale = normal.diagonal().cwiseSqrt().cwiseMax(1e-300).cwiseInverse();
    normal = scale.asDiagonal() * normal * scale.asDiagonal();
    normal.diagonal().array() += 1e-13;  // if the means hardly change, the matrix is singular without this
    const Eigen::VectorXd weights =
        scale.asDiagonal() * normal.ldlt().solve(scale.asDiagonal() * (regressors.transpose() * wanted));
    Stage stage{.time = times[i], .next = times[i + 1], .a = weights(0), .b = weights(1)};
    stage.step = static_cast<std::ptrdiff_t>(i);
    stage.older = static_cast<int>(count) - 1;
    for (Eigen::Index j = 1; j < count; ++j) stage.h[static_cast<std::size_t>(j - 1)] = weights(j + 1);
    stages.push_back(stage);
    reached = regressors * weights;
    using T = scalar_t<X>;
    Eigen::Map<Eigen::ArrayX<T>>(host_data(state), reached.size()) = reached.array().template cast<T>();
  }
  return {stages, reached - wanted};
}

/// Fits a solver to a denoiser and a number of steps; use it for five to ten evaluations of the same model, many times.
///
///     auto fitted = azula::fit_solver<4>(denoiser, pilot, {.steps = 8});
///     azula::Sampler sampler(denoiser, fitted, fitted.times());
///
/// `pilot` are some states of noise. The times and weights are those that bring them nearest to the end of the exact
/// flow: weights by regression (fit_weights()), times by Levenberg–Marquardt around it. N from 1 to 8 is the number of
/// means that a step uses.
///
/// It takes as much work as tune_times(), once per model and number of steps. The result is a table of numbers to keep:
/// `out << fitted.stages` writes it and read_stages() reads it. With less than a few thousand values in the pilot
/// states (samples × values per sample) the fit overfits: compare on others.
/// Compare Zheng et al., DPM-Solver-v3, 2023 (https://arxiv.org/abs/2310.13268), which also fits the linear part of its
/// steps to the model.
/// \param x  pilot states at options.start
/// \throws std::invalid_argument that names the option that is out of range
template <int N = 4, class D, State X>
Tabulated<N> fit_solver(const D& denoiser, const X& x, const TuneOptions& options = {}) {
  static_assert(N >= 1 && N <= max_older, "azula::fit_solver<N>: N must be from 1 to 8");
  const Pilot<D, X> pilot(denoiser, x, options, "fit_solver");
  const auto residual = [&](const Eigen::VectorXd& w) { return fit_weights<N>(pilot, pilot.times(w)).second; };
  const auto times = pilot.times(best_grid(pilot.candidates(), options.starts, options.iterations, residual));
  return {fit_weights<N>(pilot, times).first};
}

}  // namespace azula
