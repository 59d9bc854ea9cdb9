#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/integrate/multistep.hpp"
#include "azula/integrate/runge_kutta.hpp"

namespace azula {

/// Gives a multistep method M of order 3 to 5 accurate starting values, so that a run has the order of M.
///
///     azula::Sampler sampler(denoiser, azula::Started{azula::xEAB<3>{}}, {.steps = 12});
///
/// A multistep method that ramps up from order 1 starts with an Euler step. The error of that step is of order h² and
/// makes the whole run second order, whatever N is. Here the first N - 1 steps are Runge–Kutta steps of order N - 1
/// instead.
///
/// The extra evaluations in all: 2 for N = 3 (two steps of DPMSolver2S), 6 for N = 4 (three of DPMSolver3S) and 12 for
/// N = 5 (four of RK4). For a few evaluations the plain method is better. A first step from α = 0 is left to M.
template <MultistepMethod M>
struct Started {
  static_assert(M::order >= 3 && M::order <= 5, "azula::Started: the order of the method must be from 3 to 5");

  M method;  ///< the multistep method

  static constexpr int history = M::order + (M::order == 5 ? 2 : M::order == 4 ? 1 : 0);

  std::string name() const { return "Started " + method.name(); }
  void check() const { method.check(); }

  void append(std::vector<Stage>& stages, const TimeGrid& grid, std::size_t i) const {
    if (i + 1 >= static_cast<std::size_t>(M::order) || !has_log_snr_length(grid[i], grid[i + 1])) {
      return method.append(stages, grid, i);
    }
    const Stage prediction = method.form(grid).prediction(grid[i]);
    StepBuilder step(stages);
    if constexpr (M::order == 3) {
      two_stage_step(step, grid, i, 0.5, prediction);
    } else if constexpr (M::order == 4) {
      three_stage_step(step, grid, i, 1.0 / 3, 2.0 / 3, prediction);
    } else {
      four_stage_step(step, grid, i, prediction);
    }
    step.keep_first();
  }
};

template <class M>
Started(M) -> Started<M>;

}  // namespace azula
