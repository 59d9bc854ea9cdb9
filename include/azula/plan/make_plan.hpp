#pragma once
/// \file

#include <cstddef>
#include <vector>

#include "azula/error.hpp"
#include "azula/plan/largest_coefficient.hpp"
#include "azula/plan/plan.hpp"
#include "azula/plan/ring_size.hpp"
#include "azula/plan/time_grid.hpp"

namespace azula {

/// Computes the plan of a method on times: its nodes and all stages, with their coefficients.
/// \throws std::invalid_argument if an option of the schedule is out of range, a time breaks a rule of TimeGrid, the
/// method cannot step from one of them to the next, or it draws noise and the times rise.
template <class M, class S>
Plan make_plan(const M& method, const S& schedule, const std::vector<double>& times, bool silent, bool check_finite) {
  if constexpr (requires { schedule.check(); }) schedule.check();
  Plan plan{method.name(), TimeGrid(schedule, times), {}, silent, check_finite};
  for (std::size_t i = 0; i + 1 < plan.grid.size(); ++i) {
    const std::size_t before = plan.stages.size();
    method.append(plan.stages, plan.grid, i);
    require_count(static_cast<std::ptrdiff_t>(plan.stages.size()), 1, "Sampler", "evaluations in all");
    for (std::size_t j = before; j < plan.stages.size(); ++j) {
      plan.stages[j].step = static_cast<std::ptrdiff_t>(i);
      if (plan.stages[j].c != 0) plan.grid.require_falling(plan.method.c_str());
    }
  }
  plan.largest = largest_coefficient(plan.stages, plan.method, M::history, plan.grid);
  plan.ring = ring_size(plan.stages, plan.method, M::history);
  return plan;
}

}  // namespace azula
