#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "azula/random/brownian_tree.hpp"
#include "azula/random/draw.hpp"
#include "azula/random/lanes.hpp"
#include "azula/random/normal_draw.hpp"
#include "azula/random/sample_seeds.hpp"
#include "azula/sample_shape.hpp"

namespace azula {

/// One draw of a BrownianSource: the standard normal noise of one step, computed on demand.
///
/// Each value is scale Σ weight ε, a weighted sum of NormalDraw values with one term per node of the BrownianTree. Any
/// block of values may be requested, in any order, by several threads at once.
class BrownianDraw {
 public:
  BrownianDraw(SampleShape shape, SampleSeeds seeds, const BrownianTree::Increment& increment, NoiseKind kind)
      : shape_(shape), seeds_(std::move(seeds)), increment_(increment), kind_(kind) {}

  /// Writes the values with flat indices offset, offset + 1, … of the draw.
  template <class Out>
  void fill(Out&& out, std::ptrdiff_t offset) const {
    static_assert(is_fillable<Out>,
                  "azula::BrownianDraw: fill() takes a contiguous vector, such as Eigen::Map<Eigen::ArrayXf>");
    std::array<double, block> sum;
    for (std::ptrdiff_t from = 0; from < out.size(); from += block) {
      const std::ptrdiff_t count = (std::min)(block, out.size() - from);
      add_up(sum, offset + from, count);
      for (std::ptrdiff_t i = 0; i < count; ++i) {
        using T = typename std::remove_cvref_t<Out>::Scalar;
        out.data()[from + i] = static_cast<T>(sum[static_cast<std::size_t>(i)]);
      }
    }
  }

  // What code needs to compute the values elsewhere, on a GPU for example: scale Σ weight ε, where the ε of a term are
  // the values of a NormalDraw whose number is the node of the term.
  const SampleShape& shape() const { return shape_; }
  const SampleSeeds& seeds() const { return seeds_; }
  const BrownianTree::Increment& increment() const { return increment_; }
  NoiseKind kind() const { return kind_; }

 private:
  static constexpr std::ptrdiff_t block = 256;

  void add_up(std::array<double, block>& sum, std::ptrdiff_t offset, std::ptrdiff_t count) const {
    std::array<double, block> noise{};
    sum.fill(0);
    for (std::size_t j = 0; j < increment_.count; ++j) {
      const BrownianTree::Term& term = increment_.terms[j];
      const NormalDraw values(shape_, seeds_, term.node, kind_);
      values.fill(Eigen::Map<Eigen::ArrayXd>(noise.data(), count), offset);
      const Lanes::Double weight = Lanes::all(term.weight);
      for (std::size_t i = 0; i < sum.size(); i += Lanes::count) {
        const Lanes::Double part = Lanes::multiply(weight, Lanes::load(&noise[i]));
        Lanes::store(&sum[i], Lanes::add(Lanes::load(&sum[i]), part));
      }
    }
    const Lanes::Double scale = Lanes::all(increment_.scale);
    for (std::size_t i = 0; i < sum.size(); i += Lanes::count) {
      Lanes::store(&sum[i], Lanes::multiply(scale, Lanes::load(&sum[i])));
    }
  }

  SampleShape shape_;
  SampleSeeds seeds_;
  BrownianTree::Increment increment_;
  NoiseKind kind_;
};

}  // namespace azula
