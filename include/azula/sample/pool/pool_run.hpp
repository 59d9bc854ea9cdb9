#pragma once
/// \file

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "azula/plan/plan.hpp"
#include "azula/plan/stage.hpp"
#include "azula/sample/pool/pool_request.hpp"
#include "azula/sample/run.hpp"

namespace azula {

/// A request in a Pool: its run, whatever the method, and its outcome once it has ended.
template <State X, class Condition, class Source>
class PoolRun {
 public:
  static constexpr int history = max_older + 1;  // the largest number of predictions that a plan may need
  using Request = PoolRequest<X, Condition, Source>;

  PoolRun(std::uint64_t id, std::shared_ptr<const Plan> plan, X x, Request request)
      : id_(id), plan_(std::move(plan)), run_(plan_, std::move(x)), request_(std::move(request)) {
    if (request_.step) mean_ = run_.state();
  }

  std::uint64_t id() const { return id_; }
  const X& state() const { return run_.state(); }
  double time() const { return run_.time(); }
  std::ptrdiff_t samples() const { return sample_shape(run_.state()).samples; }
  const Condition& condition() const { return request_.condition; }
  bool ended() const { return outcome_.has_value(); }

  void cancel() { outcome_ = PoolOutcome::cancelled; }

  void fail(std::exception_ptr error) {
    outcome_ = PoolOutcome::failed;
    error_ = std::move(error);
  }

  /// Performs the stages before the first evaluation. Does not throw; an exception ends the run.
  void start() {
    if (!run_.evaluates()) advance();
  }

  /// Performs the current stage, and those after it that need no evaluation.
  /// \param means  E[X | x_t], one column per sample
  template <class Means>
  void advance(const Means& means) {
    azula::samples(run_.mean()) = means;
    if (mean_) *mean_ = run_.mean();
    advance();
  }

  /// Calls the end callback and moves the state into it. The run must not be used afterwards.
  void finish() {
    if (!request_.end) return;
    const std::ptrdiff_t steps = run_.step(), evaluations = run_.evaluations();
    request_.end({id_, *outcome_, std::move(run_).state(), steps, evaluations, std::move(error_)});
  }

 private:
  void advance() {
    try {
      do {
        advance_stage();
      } while (!ended() && !run_.evaluates());
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void advance_stage() {
    const std::ptrdiff_t step = run_.step();
    request_.random ? run_.advance(*request_.random) : run_.advance();
    const bool goes_on =
        run_.step() == step || !request_.step || request_.step(plan_->info(step), run_.state(), *mean_);
    if (run_.done()) {
      outcome_ = PoolOutcome::finished;
    } else if (!goes_on) {
      outcome_ = PoolOutcome::stopped;
    }
  }

  std::uint64_t id_;
  std::shared_ptr<const Plan> plan_;
  Run<X, history> run_;
  Request request_;
  std::optional<X> mean_;  // the last mean, if there is a step callback
  std::optional<PoolOutcome> outcome_;
  std::exception_ptr error_;
};

}  // namespace azula
