#pragma once
/// \file

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/guide/guidance.hpp"

namespace azula {

/// Classifier-free guidance with one call of the network for both predictions, for engines that run one batch of 2B
/// samples faster than two of B.
///
///     mean = second half + w (first half - second half)
///
/// A state of B samples is doubled: the denoiser gets the B samples twice and denoises the first half with the
/// condition, the second half without. Its network captures the 2B conditions. The weight and the options are those of
/// GuidedDenoiser, but both halves are always computed. The state is an Eigen array, matrix or tensor whose type does
/// not fix the number of samples.
///
///     azula::BatchedGuidedDenoiser guided(joint, 7.5);
template <class D, class W = double>
class BatchedGuidedDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: the doubled state, its mean, and the memory of the inner denoiser.
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : x(twice(like)), mean(x), joint(x) {}
    plain_t<X> x;
    plain_t<X> mean;
    Evaluation<denoiser_t<D>, plain_t<X>> joint;
    SampleWeights<X> weights = {};  ///< one for each sample, if they differ
    SampleTimes times = {};         ///< the times of the samples, twice, if they differ
  };

  /// Takes a denoiser of 2B samples, held by value or std::ref, and a weight, see GuidedDenoiser.
  /// \throws std::invalid_argument if the weight or an option is out of range.
  BatchedGuidedDenoiser(D denoiser, W weight, const GuidanceOptions& options = {})
      : denoiser_(std::move(denoiser)), guidance_(std::move(weight), options, "BatchedGuidedDenoiser") {}

  decltype(auto) schedule() const { return target().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    if constexpr (Guidance<W>::per_sample) return each(x_t, t, t, mean, work);
    ask(x_t, t, mean, work);
    const auto at = schedule()(t);
    const Scales scales{at.alpha, at.sigma};
    const double w = guidance_.weight(t, scales);
    auto m = samples(mean);
    const auto other = samples(work.mean).rightCols(m.cols());
    if (w == 0) m = other;  // exactly the second half, without a rescale
    if (w != 0 && w != 1) guidance_.combine(samples(x_t), m, other, w, scales);
  }

  /// Writes the guided mean with a time for each of the B samples; the denoiser gets these times twice.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    work.times.resize(2 * times.size());
    work.times << times, times;
    each(x_t, times, work.times, mean, work);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  /// Writes the means of both halves into work.mean, and the first half into mean.
  template <State X, class Time>
  void ask(const X& x_t, const Time& t, plain_t<X>& mean, Workspace<X>& work) const {
    const auto x = samples(x_t);
    auto both = samples(work.x);
    both.leftCols(x.cols()) = x;
    both.rightCols(x.cols()) = x;
    const plain_t<X>& doubled = work.x;
    work.joint(target(), doubled, t, work.mean);
    resize_like(mean, x_t);
    samples(mean) = samples(work.mean).leftCols(x.cols());
  }

  /// Combines the halves sample by sample, where times or weights differ.
  template <State X, class Time>
  void each(const X& x_t, const Time& t, const Time& twice, plain_t<X>& mean, Workspace<X>& work) const {
    guidance_.weights(schedule(), x_t, t, work.weights, "BatchedGuidedDenoiser");
    ask(x_t, twice, mean, work);
    auto m = samples(mean);
    guidance_.combine(schedule(), t, work.weights, samples(x_t), m, samples(work.mean).rightCols(m.cols()));
  }

  /// Returns a state with twice the samples of x.
  template <State X>
  static plain_t<X> twice(const X& x) {
    static_assert(!OwnState<X>,
                  "azula::BatchedGuidedDenoiser: only Eigen's arrays, matrices and tensors can be doubled; use "
                  "GuidedDenoiser");
    using Plain = plain_t<X>;
    Plain result;
    if constexpr (DenseExpression<X>) {
      constexpr int outer = Plain::IsRowMajor ? Plain::RowsAtCompileTime : Plain::ColsAtCompileTime;
      static_assert(
          outer == Eigen::Dynamic,
          "azula::BatchedGuidedDenoiser: the number of samples (columns, or rows of a row-major state) "
          "must not be fixed by the type of the state; use GuidedDenoiser");
      result.resize((Plain::IsRowMajor ? 2 : 1) * x.rows(), (Plain::IsRowMajor ? 1 : 2) * x.cols());
    } else {
      const bool row_major = static_cast<int>(Plain::Layout) == static_cast<int>(Eigen::RowMajor);
      const auto rank = static_cast<std::size_t>(x.rank());
      if (rank < 2)
        reject("BatchedGuidedDenoiser", "the state must have a dimension of samples, rank at least 2",
               std::to_string(rank));
      auto dimensions = x.dimensions();
      dimensions[row_major ? 0 : rank - 1] *= 2;
      result.resize(dimensions);
    }
    return result;
  }

  D denoiser_;
  Guidance<W> guidance_;
};

}  // namespace azula
