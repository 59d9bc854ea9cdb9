#pragma once
/// \file

#include "azula/concepts.hpp"
#include "azula/error.hpp"

namespace azula {

/// The memory that a denoiser wants to be given: none, a tensor like the state, or a workspace of its own.
template <class D, class X>
struct EvaluationMemory {
  explicit EvaluationMemory(const X&) {}
};

template <class D, class X>
  requires WritesMeanWithWorkspace<D, X>
struct EvaluationMemory<D, X> {
  explicit EvaluationMemory(const X& like) : values(like) {}
  typename D::template Workspace<X> values;
};

template <class D, class X>
  requires(WritesMeanWithScratch<D, X> && !WritesMeanWithWorkspace<D, X>)
struct EvaluationMemory<D, X> {
  explicit EvaluationMemory(const X& like) { resize_like(values, like); }
  plain_t<X> values;
};

/// Asks a denoiser for means: whichever way it answers, the mean ends in memory of the caller's. Holds the
/// memory of a denoiser that wants some, and nothing for one that does not.
template <class D, State X>
class Evaluation {
  static constexpr bool with_memory = WritesMeanWithWorkspace<D, X> || WritesMeanWithScratch<D, X>;
  static_assert(with_memory || WritesMean<D, X> || ReturnsMean<D, X>,
                "azula::Sampler: the denoiser cannot be called with this state; it needs operator()(x_t, t) "
                "that returns the mean, or operator()(x_t, t, mean) that writes it");

 public:
  explicit Evaluation(const X& like) : memory_(like) {}

  /// mean = E[X | x_t]. What a denoiser returns is assigned at once: an expression that lived on could refer
  /// to what has died.
  /// \throws std::invalid_argument if the mean comes back with another shape than x_t.
  void operator()(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
    if constexpr (with_memory) {
      denoiser(x_t, t, mean, memory_.values);
    } else if constexpr (WritesMean<D, X>) {
      denoiser(x_t, t, mean);
    } else if constexpr (requires { mean = denoiser(x_t, t).mean; }) {
      mean = denoiser(x_t, t).mean;
    } else {
      mean = denoiser(x_t, t);
    }
    require_shape(mean, x_t, "Sampler", "the mean must have the shape of the state");
  }

 private:
  [[no_unique_address]] EvaluationMemory<D, X> memory_;
};

/// mean = E[X | x_t], once.
template <class D, State X>
void evaluate(const D& denoiser, const X& x_t, double t, plain_t<X>& mean) {
  Evaluation<D, X> evaluation(x_t);
  evaluation(denoiser, x_t, t, mean);
}

}  // namespace azula
