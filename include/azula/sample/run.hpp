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
#include "azula/sample/prediction_ring.hpp"
#include "azula/sample/serial.hpp"

namespace azula {

/// One run of a sampler, advanced by the caller: it owns the state and the remembered predictions, which
/// are its only allocation, and shares the plan. A copy is a fork, which can be stored and resumed.
///
///     auto run = sampler.start(x);
///     while (!run.done()) {
///       engine.denoise(run.state(), run.time(), run.mean());   // E[X | x_t] goes into run.mean()
///       run.advance(random);                                   // advance() for deterministic methods
///     }
///     use(run.state());
///
/// Some stages do not ask for a mean: noise that churn or Restart adds at the beginning of a step. Where evaluates() is
/// false an evaluation would be wasted, no more.
///
/// Where advance() throws, failed() says what has become of the run. If it is false, as after a mean of another shape
/// or where a source is missing, nothing has changed: mend the cause, and go on. If it is true (a mean that is not
/// finite, a source that throws while it makes its values, as ReplaySource does where it has no more) the state may
/// have moved in part. The run is then over: done() is true, and further calls are refused. A copy made before goes on.
///
/// A Map or TensorMap is advanced in place, in the memory it shows, which copies of the run then share. X is
/// what start() was given; History is how many predictions the method may need, of which it takes memory for those that
/// the plan does; E carries out the parts of an update, see Sampler::on.
template <State X, int History, Executor E = Serial>
class Run {
  using S = state_t<X>;
  using Update_t = std::conditional_t<HostState<S>, HostUpdate<S, History, E>, ForeignUpdate<S, History>>;
  static_assert(HostState<S> || std::is_same_v<E, Serial>,
                "azula::Run: an executor cuts states in memory of the host; this one is elsewhere");

 public:
  using T = noise_t<X>;     ///< scalar of the noise
  using Mean = plain_t<X>;  ///< type of E[X | x_t]

  /// Made by Sampler::start().
  template <class Initial>
  Run(std::shared_ptr<const Plan> plan, Initial&& x, E executor = {})
      : plan_(std::move(plan)),
        state_(std::forward<Initial>(x)),
        ring_(state_, plan_->ring),
        update_(state_, std::move(executor)) {
    if (plan_->largest > largest()) refuse_scalar();
  }

  bool done() const { return failed_ || at_end(); }  ///< whether there is nothing left to do
  bool failed() const { return failed_; }  ///< whether an exception has ended the run
  const S& state() const& { return state_; }  ///< x_t, at time()
  S state() && { return std::move(state_); }  ///< moved out of the run
  Mean& mean() { return ring_.mean(); }  ///< where E[X | x_t] is to be written before advance()

  /// Whether advance() uses run.mean() now.
  bool evaluates() const { return !done() && plan_->stages[stage_].evaluates; }

  /// t: where the mean is asked for; after the end, where the state is.
  double time() const { return at_end() ? plan_->stages.back().next : plan_->stages[stage_].time; }

  /// s: where the stage leads that is under way; after the end, where the state is.
  double next() const { return at_end() ? plan_->stages.back().next : plan_->stages[stage_].next; }

  /// All numbers of that stage, for a denoiser that asks for them.
  /// \throws std::logic_error after the end of the run.
  const Stage& stage() const {
    if (done()) refuse_after_end("stage()");
    return plan_->stages[stage_];
  }

  /// The step that is under way, from 0; steps() after the end.
  std::ptrdiff_t step() const { return at_end() ? steps() : plan_->stages[stage_].step; }
  std::ptrdiff_t steps() const { return plan_->steps(); }

  /// How often the denoiser has been evaluated.
  std::ptrdiff_t evaluations() const { return evaluations_; }

  /// One stage of a deterministic method: the update that follows an evaluation.
  /// \throws std::invalid_argument if the stage needs noise.
  void advance() {
    const Stage& stage = current();
    if (stage.c != 0) refuse_without_source();
    failed_ = true;  // until finish()
    check(update_.run(stage, state_, ring_));
    finish(stage);
  }

  /// One stage of any method. The source is asked only if the stage needs noise.
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

  // What is thrown is made apart from what is timed: these strings would keep the calls above from being inlined.
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
    const bool half = largest() < double{(std::numeric_limits<float>::max)()};
    const std::string most = half ? ", at most " + show(largest()) : "";
    reject("Sampler", join({"the coefficients of ", plan_->method, " must fit the scalar of the state", most}),
           show(plan_->largest));
  }

  [[noreturn]] void refuse_without_source() const {
    throw std::invalid_argument(join(
        {"azula::Sampler: ", plan_->method, " draws noise: pass a random source, as in sampler(x, random)"}));
  }

  [[noreturn]] void refuse_mean() const {
    throw std::runtime_error(join({"azula::Sampler: the mean must be finite, got NaN or infinity in step ",
                                   std::to_string(step()), " of ", plan_->method, ", at time ", show(time())}));
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
  std::size_t stage_ = 0;  // the next one
  std::ptrdiff_t evaluations_ = 0;
  bool failed_ = false;  // also while the state moves
};

}  // namespace azula
