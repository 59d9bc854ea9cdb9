#pragma once
/// \file

#include <Eigen/Core>

#include <algorithm>
#include <array>
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
#include "azula/sample/update.hpp"

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
/// After an std::invalid_argument from advance() nothing has changed: mend the cause, and go on. After any other exception
/// (a mean that is not finite, a source that throws) the state has moved in part. The run is then over: failed() says so,
/// done() is true, and further calls are refused. A copy made before goes on.
///
/// A Map or TensorMap is advanced in place, in the memory it shows, which copies of the run then share. X is
/// what start() was given; History is how many predictions the method may need, of which it takes memory for those that
/// the plan does.
template <State X, int History>
class Run {
 public:
  using T = scalar_t<X>;
  using Mean = plain_t<X>;

  template <class Initial>
  Run(std::shared_ptr<const Plan> plan, Initial&& x)
      : plan_(std::move(plan)), state_(std::forward<Initial>(x)), ring_(plan_->ring) {
    if (plan_->largest > static_cast<double>((std::numeric_limits<T>::max)())) refuse_scalar();
    for (std::size_t j = 0; j < ring_; ++j) resize_like(slots_[j], state_);
  }

  bool done() const { return failed_ || at_end(); }
  bool failed() const { return failed_; }  ///< whether an exception has ended the run
  const state_t<X>& state() const& { return state_; }  ///< x_t, at time()
  state_t<X> state() && { return std::move(state_); }
  Mean& mean() { return slots_[slot_]; }  ///< where E[X | x_t] is to be written before advance()

  /// Whether advance() uses run.mean() now.
  bool evaluates() const { return !done() && plan_->stages[stage_].evaluates; }

  /// t: where the mean is asked for; after the end, where the state is.
  double time() const { return at_end() ? plan_->stages.back().next : plan_->stages[stage_].time; }

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
    begin(stage);
    check(update(stage, 0, size()));
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
      begin(stage);
      check(update_with(stage, values));
    } else {
      begin(stage);
      check(update(stage, 0, size()));
      // A slot is free until the next mean: that of it, or the current one if it is forgotten. A whole draw needs no
      // memory of its own.
      const std::size_t free = stage.evaluates && stage.drop == 0 ? (slot_ + 1) % ring_ : slot_;
      Eigen::Map<Eigen::ArrayX<T>> noise(slots_[free].data(), size());
      source.fill(noise);
      add_noise(state_.data(), noise.data(), T(stage.c), size());
    }
    finish(stage);
  }

 private:
  static constexpr std::ptrdiff_t block = 1024;  // values of noise at a time: they stay in the first cache

  std::ptrdiff_t size() const { return static_cast<std::ptrdiff_t>(state_.size()); }
  bool at_end() const { return stage_ == plan_->stages.size(); }

  const Stage& current() const {
    if (done() || !same_shape(slots_[slot_], state_)) refuse();
    return plan_->stages[stage_];
  }

  /// From here to finish() the state is neither the old one nor the new one.
  void begin(const Stage& stage) {
    failed_ = true;
    if (!stage.evaluates) std::fill_n(slots_[slot_].data(), size(), T(0));
  }

  template <class Values>
  bool update_with(const Stage& stage, const Values& values) {
    std::array<T, block> noise;
    bool finite = true;
    for (std::ptrdiff_t from = 0; from < size(); from += block) {
      const std::ptrdiff_t count = (std::min)(block, size() - from);
      finite = update(stage, from, count) && finite;
      Eigen::Map<Eigen::ArrayX<T>> out(noise.data(), count);
      values.fill(out, from);
      add_noise(state_.data() + from, noise.data(), T(stage.c), count);
    }
    return finite;
  }

  /// Picks the kernel for the number of older predictions: a chain of comparisons per block.
  template <int Older = History - 1>
  bool update(const Stage& stage, std::ptrdiff_t from, std::ptrdiff_t count) {
    if constexpr (Older > 0) {
      if (stage.older < Older) return update<Older - 1>(stage, from, count);
    }
    if constexpr (History > 1) {
      if (stage.u != 0 || stage.v != 1) return apply<Older, true>(stage, from, count);
    }
    return apply<Older, false>(stage, from, count);
  }

  template <int Older, bool Remember>
  bool apply(const Stage& stage, std::ptrdiff_t from, std::ptrdiff_t count) {
    constexpr int known = StateTraits<std::remove_cvref_t<X>>::size;
    constexpr int size = known <= block ? known : Eigen::Dynamic;
    typename Update<T, Older, Remember>::Pointers p{};
    for (std::size_t j = 0; j < p.size(); ++j) {
      const std::size_t before = slot_ + ring_ - 1 - j;
      p[j] = slots_[before < ring_ ? before : before - ring_].data() + from;  // % costs more
    }
    return Update<T, Older, Remember>::template run<size>(stage, state_.data() + from, slots_[slot_].data() + from,
                                                          p, count);
  }

  void check(bool finite) const {
    if (!finite && plan_->check_finite) refuse_mean();
  }

  // What is thrown is made apart from what is timed: these strings would keep the calls above from being inlined.
  [[noreturn]] void refuse() const {
    if (failed_) {
      throw std::logic_error(join({"azula::Run: advance() after an error in step ", std::to_string(step()), ", at time ",
                                   show(time()), ", which has ended the run"}));
    }
    if (done()) throw std::logic_error("azula::Run: advance() after the end of the run");
    reject("Run", join({"the mean must have the shape of the state, ", shape_text(state_)}),
           shape_text(slots_[slot_]));
  }

  [[noreturn]] void refuse_scalar() const {
    reject("Sampler", join({"the coefficients of ", plan_->method, " must fit the scalar of the state"}),
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

  void finish(const Stage& stage) {
    if (stage.evaluates) {
      const auto back = static_cast<std::size_t>(stage.drop);
      slot_ = (slot_ + 1 + ring_ - back) % ring_;
      ++evaluations_;
    }
    ++stage_;
    failed_ = false;
  }

  std::shared_ptr<const Plan> plan_;
  state_t<X> state_;
  std::array<Mean, static_cast<std::size_t>(History)> slots_;  // of which the plan needs the first ring_
  std::size_t ring_;
  std::size_t slot_ = 0;   // of the current mean; the one before it holds the last prediction
  std::size_t stage_ = 0;  // the next one
  std::ptrdiff_t evaluations_ = 0;
  bool failed_ = false;  // also while the state moves
};

}  // namespace azula
