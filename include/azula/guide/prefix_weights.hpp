#pragma once
/// \file

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <string>

#include "azula/error.hpp"

namespace azula {

/// How the weights of RealTimeChunking fall between the actions that are certain and those that are free.
enum class PrefixDecay {
  zeros,        ///< 0 at once: a hard prefix
  ones,         ///< 1 up to the end: one more certain
  linear,       ///< on a line
  exponential,  ///< c (e^c - 1)/(e - 1) of the line's c, that of the paper
};

/// Which actions of a chunk the previous one decides, for prefix_weights().
struct PrefixOptions {
  std::ptrdiff_t horizon;   ///< H: actions of a chunk
  std::ptrdiff_t delay;     ///< d: the first actions, which will have been executed when the chunk is ready
  std::ptrdiff_t end;       ///< H - s: from this action on, the previous chunk says nothing; at least d
  std::ptrdiff_t size = 1;  ///< values of an action, which lie one after another
  PrefixDecay decay = PrefixDecay::exponential;  ///< between these two
};

/// How much each value of a chunk of actions is to be that of the previous chunk, for RealTimeChunking: 1 for the first
/// d actions, 0 from number `end` on, and between them, with c = (end - i)/(end - d + 1), what the decay makes of c.
///
///     prefix_weights({.horizon = 16, .delay = 4, .end = 10, .size = 7})     // 112 weights
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
