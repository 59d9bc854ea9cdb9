#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <random>
#include <type_traits>

#include "azula/random/draw.hpp"

namespace azula {

/// Noise from a standard random engine, such as std::mt19937_64, through std::normal_distribution.
///
/// A sampler creates one itself when it is given an engine. Values are drawn in the order in which they are requested.
/// The source holds a reference: the engine belongs to the caller, advances, and must outlive the source.
///
/// The same engine gives other values with another standard library. NormalSource gives the same values everywhere.
template <std::uniform_random_bit_generator G>
class EngineSource {
 public:
  explicit EngineSource(G& engine) : engine_(&engine) {}

  /// Writes the next out.size() values.
  template <class Out>
  void fill(Out&& out) {
    static_assert(is_fillable<Out>,
                  "azula::EngineSource: fill() takes a contiguous vector, such as Eigen::Map<Eigen::ArrayXf>");
    std::normal_distribution<typename std::remove_cvref_t<Out>::Scalar> normal;
    for (std::ptrdiff_t i = 0; i < out.size(); ++i) out.data()[i] = normal(*engine_);
  }

 private:
  G* engine_;
};

}  // namespace azula
