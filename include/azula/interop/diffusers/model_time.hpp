#pragma once
/// \file

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "azula/noise/scales.hpp"

namespace azula::diffusers {

/// What the network is told as its time: at the nodes what the reference tells it, whole training steps
/// mostly, and in between what belongs to the noise there.
class ModelTime {
 public:
  using Between = std::function<double(const Scales&)>;

  ModelTime() = default;
  /// \param told  at the times, in their order
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
