#pragma once
/// \file

#include <cstddef>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/plan/plan.hpp"
#include "azula/random/engine_source.hpp"
#include "azula/sample/foreign_update.hpp"
#include "azula/sample/host_update.hpp"
#include "azula/sample/not_finite.hpp"
#include "azula/sample/prediction_ring.hpp"
#include "azula/sample/serial.hpp"

namespace azula {

/// One run of a sampler that the caller advances stage by stage.
///
/// Use it when your own code must call the network: asynchronously, on another device, or in a batch with other
/// requests.
///
///     auto run = sampler.start(x);
///     while (!run.done()) {
///       engine.denoise(run.state(), run.time(), run.mean());   // E[X | x_t] goes into run.mean()
///       run.advance(random);                                   // advance() for deterministic methods
///     }
///     use(run.state());
///
/// The run owns the state and the remembered predictions, which are its only allocation; the coefficients are shared
/// with the sampler. A copy of a run is independent of it: it can be kept and continued later.
///
/// Some stages do not need a mean, for example those that add the noise of churn or Restart at the beginning of a step.
/// For these evaluates() is false. Evaluating the denoiser anyway does no harm; the result is ignored.
///
/// If advance() throws, failed() tells what happened to the run. If failed() is false, nothing has changed, and the run
/// can go on once the cause is fixed: a mean had the wrong shape, or a random source was missing. If failed() is true,
/// part of the state may have been updated: a mean was not finite, or a source threw while it made its values, as
/// ReplaySource does when it has no more. The run is then over: done() is true, and further calls are refused. A copy
/// made earlier can go on.
///
/// A Map or TensorMap is advanced in place, in the memory that it shows; copies of the run share that memory. X is the
/// type passed to start(). History is the largest number of predictions that the method may need; the run allocates
/// only as many as its plan needs. E is the executor that runs the parts of an update, see Sampler::on.
template <State X, int History, Executor E = Serial>
class Run {
  using S = state_t<X>;
  using Update_t = std::conditional_t<HostState<S>, HostUpdate<S, History, E>, ForeignUpdate<S, History>>;
  static_assert(HostState<S> || std::is_same_v<E, Serial>,
                "azula::Run: an executor cuts states in memory of the host; this one is elsewhere");

 public:
  using T = noise_t<X>;     ///< scalar type of the noise
  using Mean = plain_t<X>;  ///< type of the mean E[X | x_t]

  /// Starts a run of a plan. Usually called through Sampler::start().
  template <class Initial>
  Run(std::shared_ptr<const Plan> plan, Initial&& x, E executor = {})
      : plan_(std::move(plan)),
        state_(std::forward<Initial>(x)),
        ring_(state_, plan_->ring),
        update_(state_, std::move(executor)) {
    if (plan_->largest > largest()) refuse_scalar();
  }

  bool done() const { return failed_ || at_end(); }  ///< whether the run is over, by reaching its end or by an error
  bool failed() const { return failed_; }            ///< whether an exception has ended the run
  const S& state() const& { return state_; }         ///< the state x_t at time()
  S state() && { return std::move(state_); }         ///< the state, moved out of the run
  Mean& mean() { return ring_.mean(); }              ///< write E[X | x_t] here before advance()

  /// Whether the next advance() reads mean().
  bool evaluates() const { return !done() && plan_->stages[stage_].evaluates; }

  /// The time t at which to evaluate the denoiser; after the end, the time of the state.
  double time() const { return at_end() ? plan_->stages.back().next : plan_->stages[stage_].time; }

  /// The time s to which the current stage leads; after the end, the time of the state.
  double next() const { return at_end() ? plan_->stages.back().next : plan_->stages[stage_].next; }

  /// All coefficients of the current stage, for a denoiser that needs them.
  /// \throws std::logic_error after the end of the run.
  const Stage& stage() const {
    if (done()) refuse_after_end("stage()");
    return plan_->stages[stage_];
  }

  /// The index of the current step, from 0; steps() after the end.
  std::ptrdiff_t step() const { return at_end() ? steps() : plan_->stages[stage_].step; }
  std::ptrdiff_t steps() const { return plan_->steps(); }

  /// How many times the run has used an evaluation of the denoiser so far.
  std::ptrdiff_t evaluations() const { return evaluations_; }

  /// Performs one stage of a deterministic method: the update after an evaluation.
  /// \throws std::invalid_argument if the stage needs noise or the mean has the wrong shape; std::runtime_error if the
  /// mean is not finite; std::logic_error after the end of the run.
  void advance() {
    const Stage& stage = current();
    if (stage.c != 0) refuse_without_source();
    failed_ = true;  // finish() clears it
    check(update_.run(stage, state_, ring_));
    finish(stage);
  }

  /// Performs one stage of any method. The source is used only if the stage needs noise.
  /// \throws what advance() throws, and what the source throws.
  template <class Source>
  void advance(Source&& source) {
    static_assert(RandomSource<std::remove_reference_t<Source>, T>,
                  "azula::Sampler: not a random source for this scalar; see RandomSource in concepts.hpp");
    const Stage& stage = current();
    if (stage.c == 0) return advance();
    if constexpr (std::uniform_random_bit_generator<std::remove_cvref_t<Source>>) {
      return advance(EngineSource(source));
    } else if constexpr (AddressedSource<std::remove_reference_t<Source>, T>) {
      const auto values = source.next(Draw{sample_shape(state_), stage.from.value_or(stage.time), stage.next});
      failed_ = true;
      check(update_.run(stage, state_, ring_, values));
    } else {
      failed_ = true;
      check(update_.run(stage, state_, ring_));
      update_.add_whole(stage, state_, ring_, source);
    }
    finish(stage);
  }

 private:
  friend struct RunParts;

  double largest() const {
    return with_scalar(state_, [](auto scalar) {
      using V = decltype(scalar);
      return static_cast<double>(static_cast<real_t<V>>((std::numeric_limits<V>::max)()));
    });
  }

  bool at_end() const { return stage_ == plan_->stages.size(); }

  const Stage& current() const {
    if (done() || !same_shape(ring_.mean(), state_)) refuse();
    return plan_->stages[stage_];
  }

  void check(bool finite) const {
    if (!finite && plan_->check_finite) refuse_mean();
  }

  // The messages are built in functions of their own: inline, their strings would keep the hot calls above from being
  // inlined.
  [[noreturn]] void refuse_after_end(const char* call) const {
    if (failed_) {
      throw std::logic_error(join({"azula::Run: ", call, " after an error in step ", std::to_string(step()), ", at time ",
                                   show(time()), ", which has ended the run"}));
    }
    throw std::logic_error(join({"azula::Run: ", call, " after the end of the run"}));
  }

  [[noreturn]] void refuse() const {
    if (done()) refuse_after_end("advance()");
    reject("Run", join({"the mean must have the shape of the state, ", shape_text(state_)}),
           shape_text(ring_.mean()));
  }

  [[noreturn]] void refuse_scalar() const {
    const bool half = largest() < static_cast<double>((std::numeric_limits<float>::max)());
    const std::string most = half ? ", at most " + show(largest()) : "";
    reject("Sampler", join({"the coefficients of ", plan_->method, " must fit the scalar of the state", most}),
           show(plan_->largest));
  }

  [[noreturn]] void refuse_without_source() const {
    throw std::invalid_argument(join(
        {"azula::Sampler: ", plan_->method, " draws noise: pass a random source, as in sampler(x, random)"}));
  }

  [[noreturn]] void refuse_mean() const {
    const std::string place = join({"step ", std::to_string(step()), " of ", plan_->method, ", at time ", show(time())});
    const std::ptrdiff_t count = sample_shape(state_).samples;
    // The prediction that has taken the place of the mean is not finite where the mean was not.
    if constexpr (HostState<S>) throw NotFinite(place, first_not_finite(ring_.mean()), count);
    throw NotFinite(place, count, count);
  }

  [[noreturn]] void refuse_means() const {
    throw std::runtime_error(join({"azula::Sampler: the mean must be finite, got NaN or infinity in one of the steps ",
                                   "of ", plan_->method, ", seen after the last"}));
  }

  void finish(const Stage& stage) {
    if (stage.evaluates) {
      ring_.advance(stage.drop);
      ++evaluations_;
    }
    ++stage_;
    if constexpr (!HostState<S>) {
      if (at_end() && !update_.finish() && plan_->check_finite) refuse_means();
    }
    failed_ = false;
  }

  std::shared_ptr<const Plan> plan_;
  S state_;
  PredictionRing<Mean, History> ring_;
  [[no_unique_address]] Update_t update_;
  std::size_t stage_ = 0;  // index of the next stage
  std::ptrdiff_t evaluations_ = 0;
  bool failed_ = false;  // also true while the state is being updated
};

}  // namespace azula
