#pragma once
/// \file

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace azula {

/// A Brownian path on [0, 1] of which any increment can be computed from a few independent normal values.
///
/// Lévy's construction writes the path as a sum over a binary tree of standard normal values Z:
///
///     W(s) = s Z_0 + Σ_l 2^(-l/2 - 1) Σ_k Λ(2^l s - k) Z_{2^l + k},    Λ(x) = max(0, 1 - |2 x - 1|)
///
/// for levels l < depth, with W(0) = 0. Points are multiples of 2^-depth; at these points the sum is exact. Nothing is
/// stored: at most two values of each level have a weight in an increment.
class BrownianTree {
 public:
  /// One value of the tree and its weight in an increment.
  struct Term {
    std::uint64_t node;  ///< 0, or 2^l + k
    double weight;
  };
  static constexpr int max_depth = 40;

  /// A normalised increment as a weighted sum of values of the tree:
  /// (W(to) - W(from))/√|to - from| = scale Σ weight Z_node, a standard normal value.
  struct Increment {
    std::array<Term, 2 * max_depth + 1> terms;
    std::size_t count;  ///< how many terms there are
    double scale;       ///< ±1/√|to - from|
  };

  explicit BrownianTree(int depth) : depth_(depth), size_(std::int64_t{1} << depth) {}

  std::int64_t size() const { return size_; }  ///< number of intervals, 2^depth

  /// The increment between two different points, each counted in intervals from the left, 0 to size().
  Increment increment(std::int64_t from, std::int64_t to) const {
    if (from > to) {  // the same sum in the same order: the result is the exact negative
      Increment reversed = increment(to, from);
      reversed.scale = -reversed.scale;
      return reversed;
    }
    const double length = std::ldexp(static_cast<double>(to - from), -depth_);
    Increment result{.terms = {Term{0, length}}, .count = 1, .scale = 1 / std::sqrt(length)};
    for (int level = 0; level < depth_; ++level) {
      const std::int64_t left = node(level, from), right = node(level, to);
      if (left == right) {
        append(result, level, left, tent(level, to) - tent(level, from));
      } else {
        append(result, level, left, -tent(level, from));
        append(result, level, right, tent(level, to));
      }
    }
    return result;
  }

 private:
  /// The interval of a level that contains a point. A point between two intervals counts to the right one, where its
  /// tent is 0.
  std::int64_t node(int level, std::int64_t point) const { return point >> (depth_ - level); }

  /// Λ: the height, at a point, of the tent over the point's interval; exact.
  double tent(int level, std::int64_t point) const {
    const std::int64_t width = size_ >> level, within = point & (width - 1);
    return std::ldexp(static_cast<double>((std::min)(within, width - within)), level + 1 - depth_);
  }

  void append(Increment& increment, int level, std::int64_t k, double height) const {
    if (height == 0) return;
    // 2^(-l/2 - 1), with a factor √½ at odd levels. The height is exact, so a weight is rounded at most once.
    const double half = std::ldexp(level % 2 == 0 ? 1.0 : 0x1.6a09e667f3bcdp-1, -1 - level / 2);
    increment.terms[increment.count++] = {(std::uint64_t{1} << level) + static_cast<std::uint64_t>(k), half * height};
  }

  int depth_;
  std::int64_t size_;
};

}  // namespace azula
