#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <random>
#include <type_traits>

#include "azula/random/draw.hpp"

namespace azula {

/// Noise from a standard engine, such as std::mt19937_64, by std::normal_distribution, in the order in
/// which values are asked for. Holds a reference: the engine belongs to the caller, advances, and must
/// outlive this object. A sampler makes one of these itself when it is given an engine.
///
/// What it gives differs between standard libraries; NormalSource does not.
template <std::uniform_random_bit_generator G>
class EngineSource {
 public:
  explicit EngineSource(G& engine) : engine_(&engine) {}

  /// The next out.size() values.
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
