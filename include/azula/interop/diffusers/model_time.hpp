#pragma once
/// \file

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "azula/noise/scales.hpp"

namespace azula::diffusers {

/// The time value that a network is given at each time of a run.
///
/// At the nodes of the run it is the value that diffusers gives, mostly a whole training step. At other times it
/// follows from the noise level.
class ModelTime {
 public:
  using Between = std::function<double(const Scales&)>;

  ModelTime() = default;
  /// \param told  the values at `times`, in the same order
  /// \param between  the value at other times, as a function of the scales
  ModelTime(const std::vector<double>& times, const std::vector<double>& told, Between between)
      : between_(std::move(between)) {
    for (std::size_t i = 0; i < times.size() && i < told.size(); ++i) told_.emplace_back(times[i], told[i]);
    std::sort(told_.begin(), told_.end());
  }

  double operator()(const auto& schedule, double t) const {
    const auto found = std::lower_bound(told_.begin(), told_.end(), std::pair(t, 0.0),
                                        [](const auto& a, const auto& b) { return a.first < b.first; });
    if (found != told_.end() && found->first == t) return found->second;
    const auto scales = schedule(t);
    return between_({scales.alpha, scales.sigma});
  }

 private:
  std::vector<std::pair<double, double>> told_;
  Between between_;
};

}  // namespace azula::diffusers
