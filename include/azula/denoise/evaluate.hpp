#pragma once
/// \file

#include "azula/concepts.hpp"
#include "azula/denoise/sample_time.hpp"
#include "azula/error.hpp"

namespace azula {

/// A type that no denoiser can use as a time. A denoiser whose call accepts it accepts any type, so its signature does
/// not show that it needs the stage.
struct AnyTime {};

/// A denoiser that needs to know where the step leads: it is called with the whole Stage in place of the time.
template <class D, class X>
concept AsksForStage = GivesMean<D, X, Stage> && !GivesMean<D, X, AnyTime>;

/// A denoiser that is called with memory of a type of its own (WantsWorkspace), or with memory in the shape of the
/// state (WantsScratch).
///
/// A denoiser uses one kind of memory in all its calls: with one time, with a time per sample and with a stage.
template <class D, class X>
concept WantsWorkspace = WritesMeanWithWorkspace<D, X> || WritesMeanWithWorkspace<D, X, SampleTimes> ||
                         WritesMeanWithWorkspace<D, X, Stage>;
template <class D, class X>
concept WantsScratch = !WantsWorkspace<D, X> &&
                       (WritesMeanWithScratch<D, X> || WritesMeanWithScratch<D, X, SampleTimes> ||
                        WritesMeanWithScratch<D, X, Stage>);

/// The memory that a denoiser is called with: none, a tensor like the state, or a workspace of its own type.
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

/// Says at compile time why a denoiser cannot be called with a single time.
template <class D, class X>
consteval void refuse_denoiser() {
  constexpr bool asks = AsksForStage<D, X>, mutates = GivesMean<D&, X>;
  static_assert(!asks,
                "azula: the denoiser asks where the step leads, and is given a time alone here; samplers and runs tell "
                "it the stage, AdaptiveSampler, likelihoods and most denoisers around denoisers do not");
  static_assert(asks || !mutates,
                "azula::Sampler: the denoiser's call operator must be const: write operator()(x_t, t, mean) const, or "
                "a lambda without `mutable`, and make mutable what the call changes; or pass std::ref(denoiser)");
  static_assert(asks || mutates,
                "azula::Sampler: the denoiser cannot be called with this state; for a state of type X it needs "
                "operator()(const X& x_t, double t, X& mean) const that writes the mean, or "
                "operator()(const X& x_t, double t) const that returns it, with the state's type of number");
}

/// Calls a denoiser in the form that it offers, and puts the mean into memory of the caller.
///
/// It holds the memory that the denoiser is called with, if any.
template <class D, State X>
class Evaluation {
 public:
  explicit Evaluation(const X& like) : memory_(like) {}

  /// Writes E[X | x_t] into `mean`.
  ///
  /// A value that the denoiser returns is assigned at once: it may be an Eigen expression that refers to temporaries.
  /// \throws std::invalid_argument if the mean has another shape than x_t.
  void operator()(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
    if constexpr (GivesMean<D, X>) {
      ask(denoiser, x_t, t, mean);
    } else {
      refuse_denoiser<D, X>();
    }
  }

  /// Writes the mean for a stage. A denoiser that does not need the stage is called with its time alone.
  void operator()(const D& denoiser, const X& x_t, const Stage& stage, plain_t<X>& mean) {
    if constexpr (AsksForStage<D, X>) {
      ask(denoiser, x_t, stage, mean);
    } else {
      (*this)(denoiser, x_t, stage.time, mean);
    }
  }

  /// Writes E[X | x_t] into `mean` with a time for each sample.
  /// \throws std::invalid_argument also if there are more or fewer times than samples.
  void operator()(const D& denoiser, const X& x_t, const SampleTimes& times, plain_t<X>& mean) {
    static_assert(GivesMean<D, X, SampleTimes>,
                  "azula: the denoiser takes one time for all samples, and each of these has its own; it needs "
                  "operator()(x_t, times, mean) const, where times is a const Eigen::ArrayXd&");
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

/// Writes E[X | x_t] into `mean` with a single call of the denoiser, for callers that keep no memory for it.
template <class D, State X>
void evaluate(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
  Evaluation<D, X> evaluation(x_t);
  evaluation(denoiser, x_t, t, mean);
}

}  // namespace azula
