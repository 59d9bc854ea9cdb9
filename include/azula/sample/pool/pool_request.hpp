#pragma once
/// \file

#include <functional>
#include <optional>

#include "azula/plan/step_info.hpp"
#include "azula/sample/pool/pool_end.hpp"
#include "azula/state.hpp"

namespace azula {

/// The condition type of a Pool whose requests have no conditions.
struct NoCondition {};

/// What a request to a Pool contains besides the sampler and the state. Every member is optional.
///
///     pool.submit(sampler, x, {.random = random, .end = [](azula::PoolEnd<Eigen::ArrayXXf> end) { use(end.state); }});
///
/// The thread that calls tick() calls the callbacks, one at a time. They may submit and cancel requests. They should be
/// short, because all other requests wait meanwhile.
template <State X, class Condition, class Source>
struct PoolRequest {
  std::optional<Source> random = {};  ///< the source of noise, if the method draws any
  Condition condition = {};           ///< the condition of all samples of the request

  /// Called after each step with the state and the last mean. If it returns false, the request ends as `stopped`; if it
  /// throws, it ends as `failed`. Costs one copy of the mean.
  std::function<bool(const StepInfo&, const X& state, const X& mean)> step = {};

  /// Called once, when the request leaves the pool for any reason. If it throws, tick() throws the same exception, and
  /// other requests are not affected.
  std::function<void(PoolEnd<X>)> end = {};
};

}  // namespace azula
