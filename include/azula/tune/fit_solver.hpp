#pragma once
/// \file

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "azula/error.hpp"
#include "azula/tune/best_grid.hpp"
#include "azula/tune/pilot.hpp"

namespace azula {

/// A solver whose weights were fitted to a model: for each step the numbers of
///
///     x <- a x + b m + Σ_j h_j m_j
///
/// with the last N means; made by fit_solver(), or from numbers kept from it. It runs on its own times only.
template <int N>
struct Fitted {
  std::vector<double> times;  ///< noisy first; one more than there are stages
  std::vector<Stage> stages;  ///< one per step

  static constexpr int history = N;

  std::string name() const { return "Fitted<" + std::to_string(N) + ">"; }

  /// \throws std::invalid_argument if there is not one stage per step, or one uses more than N means.
  void check() const {
    if (times.size() != stages.size() + 1) {
      reject("Fitted", "there must be one more time than stages, " + std::to_string(stages.size() + 1),
             std::to_string(times.size()));
    }
    for (const Stage& stage : stages) {
      require(stage.older >= 0 && stage.older < N, "Fitted", "a stage must use less than N older means", stage.older);
    }
  }

  /// \throws std::invalid_argument if the sampler has other times.
  void append(std::vector<Stage>& all, const TimeGrid& grid, std::size_t i) const {
    if (grid.size() != times.size() || grid[i].t != times[i] || grid[i + 1].t != times[i + 1]) {
      const double first = times[(std::min)(i, times.size() - 1)];
      reject("Fitted", "the sampler must be given the times that belong to the weights, from " + show(first),
             show(grid[i].t));
    }
    all.push_back(stages[i]);
  }
};

/// The weights of the steps between given times that bring the pilot states nearest to the exact flow: for
/// each step a linear regression of the true state at its end on the state reached and the last N means. The
/// errors made before are in the data and are corrected as far as they can be.
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
    normal.diagonal().array() += 1e-13;  // means that hardly change make it singular
    const Eigen::VectorXd weights =
        scale.asDiagonal() * normal.ldlt().solve(scale.asDiagonal() * (regressors.transpose() * wanted));
    Stage stage{.time = times[i], .next = times[i + 1], .a = weights(0), .b = weights(1)};
    stage.older = static_cast<int>(count) - 1;
    for (Eigen::Index j = 1; j < count; ++j) stage.h[static_cast<std::size_t>(j - 1)] = weights(j + 1);
    stages.push_back(stage);
    reached = regressors * weights;
    using T = scalar_t<X>;
    Eigen::Map<Eigen::ArrayX<T>>(state.data(), reached.size()) = reached.array().template cast<T>();
  }
  return {stages, reached - wanted};
}

/// A solver for this denoiser and this number of steps: times and weights that bring a few pilot states
/// nearest to the end of the exact flow. The weights are fitted by regression (fit_weights()), the times by
/// Levenberg–Marquardt around it.
///
///     auto fitted = azula::fit_solver<4>(denoiser, pilot, {.steps = 8});
///     azula::Sampler sampler(denoiser, fitted, fitted.times);
///
/// Work as for tune_times(), once per model and number of steps; the result is a table of numbers to keep.
/// With less than a few thousand values in the pilot states (samples × values) the fit learns them by heart:
/// compare on others.
/// Compare Zheng et al., DPM-Solver-v3, 2023 (https://arxiv.org/abs/2310.13268), which also fits the linear
/// part of its steps to the model.
/// \param x  pilot states at options.start
/// \throws std::invalid_argument that names the option out of range
template <int N = 4, class D, State X>
Fitted<N> fit_solver(const D& denoiser, const X& x, const TuneOptions& options = {}) {
  static_assert(N >= 1 && N <= max_older, "azula::fit_solver<N>: N must be from 1 to 8");
  const Pilot<D, X> pilot(denoiser, x, options, "fit_solver");
  const auto residual = [&](const Eigen::VectorXd& w) { return fit_weights<N>(pilot, pilot.times(w)).second; };
  const auto times = pilot.times(best_grid(pilot.candidates(), options.starts, options.iterations, residual));
  return {times, fit_weights<N>(pilot, times).first};
}

}  // namespace azula
