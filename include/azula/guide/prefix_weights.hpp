#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <string>

#include "azula/error.hpp"

namespace azula {

/// How the weights of RealTimeChunking fall from 1 to 0, between the actions that are certain and those that are free.
enum class PrefixDecay {
  zeros,        ///< to 0 at once: a hard prefix
  ones,         ///< not at all: 1 up to `end`, as for the certain actions
  linear,       ///< linearly, as c
  exponential,  ///< as c (e^c - 1)/(e - 1), the choice of the paper
};

/// Options of prefix_weights(): which actions of a chunk the previous chunk decides.
struct PrefixOptions {
  std::ptrdiff_t horizon;   ///< H, the number of actions of a chunk, at least 1
  std::ptrdiff_t delay;     ///< d, how many actions will have been executed when the chunk is ready, in [0, end]
  std::ptrdiff_t end;       ///< H - s, the first action about which the previous chunk says nothing, in [0, H]
  std::ptrdiff_t size = 1;  ///< number of values of an action, which lie one after another, at least 1
  PrefixDecay decay = PrefixDecay::exponential;  ///< how the weights fall between d and the end
};

/// Returns the weights of RealTimeChunking: how strongly each value of a chunk of actions follows the previous chunk.
///
/// They are 1 for the first d actions and 0 from action `end` on. An action i between them has the weight that
/// PrefixDecay gives for c = (end - i)/(end - d + 1). Every value of an action has the weight of its action.
///
///     azula::prefix_weights({.horizon = 16, .delay = 4, .end = 10, .size = 7})     // 112 weights
///
/// \throws std::invalid_argument unless 0 <= delay <= end <= horizon, with at least one action of at least one value.
inline Eigen::ArrayXd prefix_weights(const PrefixOptions& o) {
  require_count(o.horizon, 1, "prefix_weights", "horizon");
  require_count(o.size, 1, "prefix_weights", "size");
  if (o.end < 0 || o.end > o.horizon) {
    reject("prefix_weights", "end must be in [0, " + std::to_string(o.horizon) + "]", std::to_string(o.end));
  }
  if (o.delay < 0 || o.delay > o.end) {
    reject("prefix_weights", "delay must be in [0, " + std::to_string(o.end) + "]", std::to_string(o.delay));
  }
  Eigen::ArrayXd weights = Eigen::ArrayXd::Zero(o.horizon * o.size);
  for (std::ptrdiff_t i = 0; i < o.end; ++i) {
    const double c = static_cast<double>(o.end - i) / static_cast<double>(o.end - o.delay + 1);
    double weight = 1;
    if (i >= o.delay && o.decay == PrefixDecay::zeros) weight = 0;
    if (i >= o.delay && o.decay == PrefixDecay::linear) weight = c;
    if (i >= o.delay && o.decay == PrefixDecay::exponential) weight = c * std::expm1(c) / std::expm1(1.0);
    weights.segment(i * o.size, o.size).setConstant(weight);
  }
  return weights;
}

}  // namespace azula
