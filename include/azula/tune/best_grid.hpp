#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "azula/is_finite.hpp"
#include "azula/tune/levenberg_marquardt.hpp"

namespace azula {

/// The w with the lowest |residual(w)|² that is found by Levenberg–Marquardt from the best of several candidates.
///
/// \param candidates  values of w to try
/// \param starts      how many of the candidates, the best first, the search starts from
/// \param iterations  the most iterations of each search
/// \param residual    a function of w; a residual that is not finite counts as infinite
template <class Residual>
Eigen::VectorXd best_grid(const std::vector<Eigen::VectorXd>& candidates, int starts, int iterations,
                          const Residual& residual) {
  const auto error = [&](const Eigen::VectorXd& w) {
    const double value = residual(w).squaredNorm();
    return is_finite(value) ? value : std::numeric_limits<double>::infinity();
  };
  std::vector<std::pair<double, Eigen::VectorXd>> ranked;
  for (const Eigen::VectorXd& w : candidates) ranked.emplace_back(error(w), w);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::pair<double, Eigen::VectorXd> best = ranked.front();
  for (std::size_t i = 0; i < ranked.size() && i < static_cast<std::size_t>(starts); ++i) {
    if (!is_finite(ranked[i].first)) break;
    const Eigen::VectorXd w = levenberg_marquardt(ranked[i].second, residual, iterations);
    const double value = error(w);
    if (value < best.first) best = {value, w};
  }
  return best.second;
}

}  // namespace azula
