#pragma once
/// \file

#include "azula/concepts.hpp"
#include "azula/denoise/sample_time.hpp"
#include "azula/error.hpp"

namespace azula {

/// Of no use to a denoiser: one that takes it takes anything, and is not to be told by its signature.
struct AnyTime {};

/// A denoiser that asks where the step leads. It is given the whole stage in the place of the time.
template <class D, class X>
concept AsksForStage = GivesMean<D, X, Stage> && !GivesMean<D, X, AnyTime>;

/// A denoiser that wants memory of its own type, or of the state's size: one kind for one time, for a time per sample and
/// for a stage.
template <class D, class X>
concept WantsWorkspace = WritesMeanWithWorkspace<D, X> || WritesMeanWithWorkspace<D, X, SampleTimes> ||
                         WritesMeanWithWorkspace<D, X, Stage>;
template <class D, class X>
concept WantsScratch = !WantsWorkspace<D, X> &&
                       (WritesMeanWithScratch<D, X> || WritesMeanWithScratch<D, X, SampleTimes> ||
                        WritesMeanWithScratch<D, X, Stage>);

/// The memory that a denoiser wants to be given: none, a tensor like the state, or a workspace of its own.
template <class D, class X>
struct EvaluationMemory {
  explicit EvaluationMemory(const X&) {}
};

template <class D, class X>
  requires WantsWorkspace<D, X>
struct EvaluationMemory<D, X> {
  explicit EvaluationMemory(const X& like) : values(like) {}
  workspace_t<D, X> values;
};

template <class D, class X>
  requires WantsScratch<D, X>
struct EvaluationMemory<D, X> {
  explicit EvaluationMemory(const X& like) { resize_like(values, like); }
  plain_t<X> values;
};

/// Asks a denoiser for means: whichever way it answers, the mean ends in memory of the caller's. Holds the
/// memory of a denoiser that wants some, and nothing for one that does not.
template <class D, State X>
class Evaluation {
 public:
  explicit Evaluation(const X& like) : memory_(like) {}

  /// mean = E[X | x_t]. What a denoiser returns is assigned at once: an expression that lived on could refer
  /// to what has died.
  /// \throws std::invalid_argument if the mean comes back with another shape than x_t.
  void operator()(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
    static_assert(GivesMean<D, X> || !AsksForStage<D, X>,
                  "azula: the denoiser asks where the step leads, and is given a time alone here; samplers and runs tell it "
                  "the stage, AdaptiveSampler, likelihoods and most denoisers around denoisers do not");
    static_assert(GivesMean<D, X> || AsksForStage<D, X>,
                  "azula::Sampler: the denoiser cannot be called with this state; it needs operator()(x_t, t) "
                  "that returns the mean, or operator()(x_t, t, mean) that writes it");
    if constexpr (GivesMean<D, X>) ask(denoiser, x_t, t, mean);
  }

  /// The same for one that asks where the step leads; others are told the time alone.
  void operator()(const D& denoiser, const X& x_t, const Stage& stage, plain_t<X>& mean) {
    if constexpr (AsksForStage<D, X>) {
      ask(denoiser, x_t, stage, mean);
    } else {
      (*this)(denoiser, x_t, stage.time, mean);
    }
  }

  /// The same with a time for each sample.
  /// \throws std::invalid_argument if there are more or fewer times than samples, too.
  void operator()(const D& denoiser, const X& x_t, const SampleTimes& times, plain_t<X>& mean) {
    static_assert(GivesMean<D, X, SampleTimes>,
                  "azula: the denoiser takes one time for all samples, and each of these has its own; it needs "
                  "operator()(x_t, times, mean), where times is a const Eigen::ArrayXd&");
    require_per_sample(times, x_t, "Sampler", "a time");
    ask(denoiser, x_t, times, mean);
  }

 private:
  template <class Time>
  void ask(const D& denoiser, const X& x_t, const Time& t, plain_t<X>& mean) {
    if constexpr (WritesMeanWithWorkspace<D, X, Time> || (WantsScratch<D, X> && WritesMeanWithScratch<D, X, Time>)) {
      denoiser(x_t, t, mean, memory_.values);
    } else if constexpr (WritesMean<D, X, Time>) {
      denoiser(x_t, t, mean);
    } else if constexpr (requires { mean = denoiser(x_t, t).mean; }) {
      mean = denoiser(x_t, t).mean;
    } else {
      mean = denoiser(x_t, t);
    }
    require_shape(mean, x_t, "Sampler", "the mean must have the shape of the state");
  }

  [[no_unique_address]] EvaluationMemory<D, X> memory_;
};

/// mean = E[X | x_t], once.
template <class D, State X>
void evaluate(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
  Evaluation<D, X> evaluation(x_t);
  evaluation(denoiser, x_t, t, mean);
}

}  // namespace azula
