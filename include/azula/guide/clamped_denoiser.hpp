#pragma once
/// \file

#include <Eigen/Core>

#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"
#include "azula/is_finite.hpp"

namespace azula {

/// Clamps a mean in place to [low, high]; NaN stays NaN.
template <State X>
void clamp_mean(X& mean, double low, double high) {
  using T = scalar_t<X>;
  auto m = samples(mean);
  // NaN is found by its bits. max(), min() and comparisons under -ffast-math may replace it by a number, and then the
  // sampler would not report it.
  m = m.unaryExpr([low = T(low), high = T(high)](T v) { return is_nan(v) ? v : v < low ? low : v > high ? high : v; });
}

/// A denoiser around another one that clamps the mean to the range of the data, such as pixels or actions in [-1, 1].
///
///     mean <- min(max(mean, low), high)
///
/// NaN stays NaN, so that the sampler reports it. The step derives its noise from the clamped mean; KeptNoiseDenoiser
/// keeps the noise of the unclamped one.
///
///     azula::ClampedDenoiser clamped(denoiser, -1, 1);
template <class D>
class ClampedDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser.
  template <State X>
  using Workspace = Evaluation<denoiser_t<D>, X>;

  /// Wraps a denoiser, held by value or std::ref. \throws std::invalid_argument unless low < high.
  explicit ClampedDenoiser(D denoiser, double low = -1, double high = 1)
      : denoiser_(std::move(denoiser)), low_(low), high_(high) {
    require_bound(low < high, "ClampedDenoiser", "low must be less than high", low);
    require_bound(low < high, "ClampedDenoiser", "high must be greater than low", high);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, t, mean);
    clamp_mean(mean, low_, high_);
  }

  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, times, mean);
    clamp_mean(mean, low_, high_);
  }

  /// Writes the clamped mean, if the inner denoiser needs to know where the step leads.
  template <State X>
    requires AsksForStage<denoiser_t<D>, X>
  void operator()(const X& x_t, const Stage& stage, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, stage, mean);
    clamp_mean(mean, low_, high_);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  double low_;
  double high_;
};

}  // namespace azula
