#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <utility>
#include <vector>

#include "azula/concepts.hpp"
#include "azula/sample/pool/pool_denoiser.hpp"
#include "azula/sample/shares.hpp"
#include "azula/state.hpp"

namespace azula {

/// The batch of a Pool: it holds the states of all active requests one after another and evaluates the denoiser on
/// them. It allocates memory only when requests have joined or left.
template <State X, class Condition>
class PoolBatch {
 public:
  explicit PoolBatch(PoolDenoiser<X, Condition> denoiser) : denoiser_(std::move(denoiser)) {}

  /// Prepares the batch for these runs; there must be at least one.
  template <class Runs>
  void arrange(const Runs& runs) {
    conditions_.clear();
    for (const auto& run : runs)
      conditions_.insert(conditions_.end(), static_cast<std::size_t>(run.samples()), run.condition());
    const auto count = static_cast<Eigen::Index>(conditions_.size());
    if (count != times_.size()) {
      state_ = batch_like(runs.front().state(), count);
      times_.resize(count);
    }
    resize_like(mean_, state_);  // always, because a denoiser may have changed its size
    denoiser_.prepare(conditions_, state_);
  }

  /// Evaluates the denoiser once for all runs.
  template <class Runs>
  void evaluate(const Runs& runs) {
    Eigen::Index first = 0;
    auto all = samples(state_);
    for (const auto& run : runs) {
      const Eigen::Index count = run.samples();
      all.middleCols(first, count) = samples(run.state());
      times_.segment(first, count).setConstant(run.time());
      first += count;
    }
    const X& x_t = state_;
    denoiser_(x_t, times_, mean_);
  }

  /// Advances each run with the means of its samples.
  template <class Runs>
  void advance(Runs& runs) const {
    Eigen::Index first = 0;
    const auto all = samples(mean_);
    for (auto& run : runs) {
      const Eigen::Index count = run.samples();
      run.advance(all.middleCols(first, count));
      first += count;
    }
  }

 private:
  PoolDenoiser<X, Condition> denoiser_;
  std::vector<Condition> conditions_;  // one per sample
  SampleTimes times_;
  X state_, mean_;
};

}  // namespace azula
