#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

/// The numbers of evaluations for which a method is chosen.
inline constexpr std::array<std::ptrdiff_t, 4> budgets{4, 8, 16, 32};

/// Root mean square distances per pixel to a fine run.
struct Distances {
  double all = 0;                  ///< over all images
  std::array<double, 2> halves{};  ///< over the first half of them and the second
};

inline Distances distances(const Eigen::ArrayXXf& images, const Eigen::ArrayXXf& fine) {
  const auto rms = [&](Eigen::Index first, Eigen::Index count) {
    const double mean = (images - fine).middleCols(first, count).cast<double>().square().mean();
    return std::isfinite(mean) ? std::sqrt(mean) : std::numeric_limits<double>::infinity();
  };
  const Eigen::Index half = images.cols() / 2;
  return {rms(0, images.cols()), {rms(0, half), rms(half, images.cols() - half)}};
}

/// A method on one grid of times, at all numbers of evaluations.
struct Entry {
  std::string method, grid;
  std::array<Distances, budgets.size()> at{};
  std::array<Eigen::ArrayXXf, budgets.size()> shown{};  ///< some of its images, for a picture
};

/// What was measured of one kind of model with one guidance scale.
struct Situation {
  std::string name;
  double settled = 0;     ///< the distance between fine runs with half and all of the steps
  Eigen::ArrayXXf shown;  ///< some images of the fine run
  std::vector<Entry> entries;
};

/// Half a gray level of 256 between -1 and 1: distances below it count as this one, because nobody sees them.
inline constexpr double visible = 1.0 / 256;

/// The largest ratio of an entry's distance to the smallest one of all entries, over both halves of the images and some
/// numbers of evaluations: [first, last) of `budgets`.
inline double worst_ratio(const Situation& situation, const Entry& entry, std::size_t first, std::size_t last) {
  double worst = 0;
  for (std::size_t j = first; j < last; ++j) {
    for (std::size_t half = 0; half < 2; ++half) {
      double best = std::numeric_limits<double>::infinity();
      for (const Entry& other : situation.entries) best = std::min(best, other.at[j].halves[half]);
      worst = std::max(worst, std::max(entry.at[j].halves[half], visible) / std::max(best, visible));
    }
  }
  return worst;
}

/// The entry with the smallest of these ratios; the first of them, where several have it.
inline const Entry& recommended(const Situation& situation, std::size_t first, std::size_t last) {
  return *std::min_element(situation.entries.begin(), situation.entries.end(), [&](const Entry& a, const Entry& b) {
    return worst_ratio(situation, a, first, last) < worst_ratio(situation, b, first, last);
  });
}

/// All entries of a method, or of all if the name is empty, the best first. Runs that are the same count once.
inline std::vector<const Entry*> ranking(const Situation& situation, std::size_t budget, std::string_view method = {}) {
  const auto at = [budget](const Entry* entry) { return entry->at[budget].all; };
  std::vector<const Entry*> all;
  for (const Entry& entry : situation.entries) {
    if (method.empty() || entry.method == method) all.push_back(&entry);
  }
  std::stable_sort(all.begin(), all.end(), [&](const Entry* a, const Entry* b) { return at(a) < at(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const Entry* a, const Entry* b) { return at(a) == at(b); }),
            all.end());
  return all;
}

/// Whether both halves of the images have the same best entry.
inline bool is_clear(const Situation& situation, std::size_t budget) {
  const auto best = [&](std::size_t half) {
    const auto nearer = [&](const Entry& a, const Entry& b) {
      return a.at[budget].halves[half] < b.at[budget].halves[half];
    };
    return std::min_element(situation.entries.begin(), situation.entries.end(), nearer);
  };
  return best(0) == best(1);
}

}  // namespace examples
