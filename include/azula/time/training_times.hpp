#pragma once
/// \file

#include <concepts>
#include <cstddef>
#include <string>
#include <vector>

#include "azula/error.hpp"
#include "azula/noise/clean_time.hpp"

namespace azula {

/// A schedule that knows its training steps 0 … T-1, such as DiscreteSchedule.
template <class S>
concept TrainingSchedule = requires(const S& schedule, double step) {
  { schedule.steps() } -> std::convertible_to<std::ptrdiff_t>;
  { schedule.time_of(step) } -> std::convertible_to<double>;
};

/// Where a grid of training steps ends; the network is not evaluated there.
enum class GridEnd {
  clean,       ///< at σ = 0 (`set_alpha_to_one`, `final_sigmas_type="zero"` in diffusers)
  first_step,  ///< at training step 0 (`"sigma_min"`), which must not be the last step visited as well
};

/// The times of given training steps and of the end; for models that come with a list of steps, as distilled ones do.
///
///     azula::training_times(schedule, {999, 749, 499, 249})
///
/// The steps fall, noisy first, and may be whole or fractional. The network is not evaluated at the end.
/// \throws std::invalid_argument if a step is outside of [0, T-1], the steps do not fall, or there are none.
template <TrainingSchedule S, class Steps = std::vector<double>>
std::vector<double> training_times(const S& schedule, const Steps& steps, GridEnd end = GridEnd::clean,
                                   const char* where = "training_times") {
  const auto count = static_cast<std::ptrdiff_t>(schedule.steps());
  std::vector<double> times;
  double last = static_cast<double>(count);
  for (const auto value : steps) {
    const auto step = static_cast<double>(value);
    if (!(step >= 0 && step < last) || is_nan(step)) {
      reject(where, "training steps must fall from at most " + std::to_string(count - 1) + " to at least 0",
             show(step) + (times.empty() ? " as the first" : " after " + show(last)));
    }
    times.push_back(schedule.time_of(last = step));
  }
  require(!times.empty(), where, "at least one training step is needed, number", 0);
  if (end == GridEnd::clean) {
    times.push_back(clean_time(schedule, where));
  } else {
    require(last > 0, where, "a grid that ends at training step 0 must visit a later one last", last);
    times.push_back(schedule.time_of(0));
  }
  return times;
}

/// Checks the number of steps of a grid of training steps.
/// \throws std::invalid_argument unless 1 <= steps <= most.
inline void check_training_steps(std::ptrdiff_t steps, std::ptrdiff_t most, const char* where) {
  if (steps < 1 || steps > most) {
    reject(where, "steps must be from 1 to " + std::to_string(most) + " with this schedule",
           std::to_string(steps));
  }
}

/// a/b rounded to the nearest whole number, a half to the even one, as numpy does.
///
/// It is exact. The same grids in floating point visit one step too many for one number of steps in sixteen.
constexpr std::ptrdiff_t rounded_ratio(std::ptrdiff_t a, std::ptrdiff_t b) {
  const std::ptrdiff_t whole = a / b, rest = 2 * (a % b);
  return rest > b || (rest == b && whole % 2 == 1) ? whole + 1 : whole;
}

}  // namespace azula
