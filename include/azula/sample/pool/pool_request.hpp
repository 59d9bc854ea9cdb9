#pragma once
/// \file

#include <functional>
#include <optional>

#include "azula/plan/step_info.hpp"
#include "azula/sample/pool/pool_end.hpp"
#include "azula/state.hpp"

namespace azula {

/// The condition of requests that have none.
struct NoCondition {};

/// What goes into a Pool beside a sampler and a state. Nothing of it has to be given.
///
/// Callbacks are called by the thread that ticks, one at a time. They may submit and cancel, and should be short: all
/// other requests wait meanwhile.
template <State X, class Condition, class Source>
struct PoolRequest {
  std::optional<Source> random = {};  ///< where its noise comes from, if its method draws any
  Condition condition = {};           ///< of all its samples

  /// Called after each step with the state and the mean that was seen last; false ends the request as `stopped`, an
  /// exception as `failed`. Costs a copy of the mean.
  std::function<bool(const StepInfo&, const X& state, const X& mean)> step = {};

  /// Called once, when the request leaves the pool in whatever way. What it throws leaves tick(), and harms nobody
  /// else.
  std::function<void(PoolEnd<X>)> end = {};
};

}  // namespace azula
