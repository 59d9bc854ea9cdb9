#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/stage.hpp"
#include "azula/plan/stage_check.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// A solver given as a table of numbers, such as the result of fit_solver().
///
/// The table can also be one that others have learned (AYS, GITS, LD3, S4S, DyWeight), or the stages of another
/// sampler, `sampler.stages()`.
///
///     #include <azula/azula.hpp>
///     #include <azula/plan/read_stages.hpp>
///
///     #include <fstream>
///
///     int main() {
///       azula::GaussianDenoiser denoiser(2.0, 0.25, azula::VPSchedule{});
///       std::ifstream file("solver.txt");
///       azula::Tabulated table{azula::read_stages(file, "solver.txt")};
///       azula::Sampler sampler(denoiser, table, table.times());
///       Eigen::ArrayXXf x(784, 64);
///       azula::NormalSource random(42);
///       sampler.init(x, random);
///       Eigen::ArrayXXf x0 = sampler(x, random);
///     }
///
/// A table belongs to one schedule and to its own times, which times() returns. The states are at the `time` of the
/// first stage and at each `next`. The other values of `time` say where the denoiser is called; learned solvers call it
/// elsewhere than at the states. To call it elsewhere first, begin with a stage of a = 1 that does not evaluate.
///
/// N is how many predictions a run remembers, the current one included, from 1 to 9; each takes the memory of a state.
template <int N = max_older + 1>
struct Tabulated {
  static_assert(N >= 1 && N <= max_older + 1, "azula::Tabulated<N>: N must be from 1 to 9");

  std::vector<Stage> stages;  ///< the table; `step` numbers the steps from 0

  /// The times to give to the sampler, in the order of the steps: one more than there are steps.
  std::vector<double> times() const {
    check();
    std::vector<double> all{stages.front().time};
    for (std::size_t k = 0; k < stages.size(); ++k) {
      if (k + 1 == stages.size() || stages[k + 1].step != stages[k].step) all.push_back(stages[k].next);
    }
    return all;
  }

  static constexpr int history = N;

  std::string name() const { return "Tabulated<" + std::to_string(N) + ">"; }

  /// \throws std::invalid_argument if there are no stages, or a run with N predictions cannot carry one out; see
  /// StageCheck.
  void check() const {
    if (stages.empty()) reject("Tabulated", "there must be at least one stage", "0");
    StageCheck check(N);
    for (const Stage& stage : stages) {
      if (const auto fault = check(stage)) {
        const std::string number = std::to_string(&stage - stages.data());
        reject("Tabulated", join({"stage ", number, ", ", fault->column, ": ", fault->rule}), show(fault->value));
      }
    }
  }

  /// \throws std::invalid_argument if the times of the sampler differ from those of the table by more than rounding.
  void append(std::vector<Stage>& all, const TimeGrid& grid, std::size_t i) const {
    const auto steps = static_cast<std::size_t>(stages.back().step) + 1;
    if (grid.size() != steps + 1) {
      reject("Tabulated", "the sampler must be given as many steps as the table has, " + std::to_string(steps),
             std::to_string(grid.size() - 1));
    }
    const auto step = static_cast<std::ptrdiff_t>(i);
    const auto first = std::ranges::lower_bound(stages, step, {}, &Stage::step);
    const auto last = std::ranges::upper_bound(stages, step, {}, &Stage::step);
    require_time(grid, i, i == 0 ? first->time : std::prev(first)->next);
    require_time(grid, i + 1, std::prev(last)->next);
    all.insert(all.end(), first, last);
  }

 private:
  static void require_time(const TimeGrid& grid, std::size_t i, double time) {
    const double size = (std::max)(std::fabs(grid[0].t), std::fabs(grid[grid.size() - 1].t));
    if (std::fabs(grid[i].t - time) <= 1e-12 * size) return;
    reject("Tabulated", join({"time ", std::to_string(i), " of the sampler must be that of the table, ", show(time)}),
           show(grid[i].t));
  }
};

Tabulated(std::vector<Stage>) -> Tabulated<>;

}  // namespace azula
