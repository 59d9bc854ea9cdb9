#pragma once
/// \file

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/denoise/sample_time.hpp"
#include "azula/error.hpp"
#include "azula/guide/guidance.hpp"

namespace azula {

/// A denoiser that extrapolates from one denoiser through another: classifier-free guidance and autoguidance.
///
///     mean = negative + w (positive - negative)
///
/// - classifier-free guidance: `positive` has the condition, `negative` has none, or a negative prompt
/// - autoguidance: `positive` is the good model, `negative` a worse version of it, both with the same condition
///
/// The guidance scale w is a number, a vector with a number for each sample (Eigen::ArrayXd), or a callable of the
/// time. w = 1 is no guidance. This is the common convention; the Python package azula counts w - 1. An evaluation
/// calls both denoisers, but where w is 1 or 0 it calls only one. The networks capture their conditions. The options
/// restrict guidance to an interval of noise levels and put the contrast back, see GuidanceOptions.
///
///     azula::GuidedDenoiser guided(with_prompt, without, 7.5);
///     azula::GuidedDenoiser limited(with_prompt, without, 7.5, {.low = 0.3, .high = 5, .rescale = 0.7});
///
/// Ho and Salimans, Classifier-Free Diffusion Guidance, 2022 (https://arxiv.org/abs/2207.12598);
/// Karras et al., Guiding a Diffusion Model with a Bad Version of Itself, 2024 (https://arxiv.org/abs/2406.02507).
template <class P, class N, class W = double>
class GuidedDenoiser {
  static_assert(wraps_denoiser<P>() && wraps_denoiser<N>());

 public:
  /// Memory that a run keeps for this denoiser: the second mean, the weights of the samples if they differ, and the
  /// memory of both denoisers.
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : positive(like), negative(like), other(shaped(like)), memory(other) {}
    Evaluation<denoiser_t<P>, X> positive;
    Evaluation<denoiser_t<N>, X> negative;
    plain_t<X> other;
    SampleWeights<X> weights = {};
    [[no_unique_address]] ForeignMemory<plain_t<X>> memory;

   private:
    static plain_t<X> shaped(const X& like) {
      plain_t<X> other;
      resize_like(other, like);
      return other;
    }
  };

  /// Takes two denoisers, a weight and options.
  /// \param positive, negative  denoisers with the same schedule, held by value or std::ref; an evaluation throws
  /// std::invalid_argument if their schedules differ at its time
  /// \throws std::invalid_argument if the weight or an option is out of range.
  GuidedDenoiser(P positive, N negative, W weight, const GuidanceOptions& options = {})
      : positive_(std::move(positive)),
        negative_(std::move(negative)),
        guidance_(std::move(weight), options, "GuidedDenoiser") {}

  decltype(auto) schedule() const { return positive().schedule(); }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    guide(x_t, t, t, mean, work);
  }

  /// Writes the guided mean, if one of the denoisers needs to know where the step leads.
  template <State X>
    requires(AsksForStage<denoiser_t<P>, X> || AsksForStage<denoiser_t<N>, X>)
  void operator()(const X& x_t, const Stage& stage, plain_t<X>& mean, Workspace<X>& work) const {
    guide(x_t, stage.time, stage, mean, work);
  }

  /// Writes the guided mean with a time for each sample. A denoiser is called for all samples if at least one needs it.
  template <State X>
  void operator()(const X& x_t, const SampleTimes& times, plain_t<X>& mean, Workspace<X>& work) const {
    each(x_t, times, times, mean, work);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  /// \param when  what the denoisers are called with: the time, or the stage
  template <State X, class When>
  void guide(const X& x_t, double t, const When& when, plain_t<X>& mean, Workspace<X>& work) const {
    if constexpr (Guidance<W>::per_sample) return each(x_t, t, when, mean, work);
    const auto at = schedule()(t);
    const Scales scales{at.alpha, at.sigma};
    require_same_schedule(scales, t);
    const double w = guidance_.weight(t, scales);
    if (w == 0) return work.negative(negative(), x_t, when, mean);
    work.positive(positive(), x_t, when, mean);
    if (w == 1) return;
    work.negative(negative(), x_t, when, work.other);
    if constexpr (HostState<X>) {
      auto m = samples(mean);
      guidance_.combine(samples(x_t), m, samples(work.other), w, scales);
    } else {
      guidance_.combine(mean, work.other, w, work.memory);
    }
  }

  /// Guides sample by sample, where times or weights differ.
  template <State X, class Time, class When>
  void each(const X& x_t, const Time& t, const When& when, plain_t<X>& mean, Workspace<X>& work) const {
    guidance_.weights(schedule(), x_t, t, work.weights, "GuidedDenoiser");
    for (Eigen::Index j = 0; j < work.weights.size(); ++j) {
      const double time = sample_time(t, j);
      const auto at = schedule()(time);
      require_same_schedule({at.alpha, at.sigma}, time);
      if constexpr (std::is_same_v<Time, double>) break;
    }
    if ((work.weights == 0).all()) return work.negative(negative(), x_t, when, mean);
    work.positive(positive(), x_t, when, mean);
    if ((work.weights == 1).all()) return;
    work.negative(negative(), x_t, when, work.other);
    auto m = samples(mean);
    guidance_.combine(schedule(), t, work.weights, samples(x_t), m, samples(work.other));
  }

  /// \param here  the scales of the positive denoiser's schedule at time t
  void require_same_schedule(const Scales& here, double t) const {
    const auto at = negative().schedule()(t);
    const Scales there{at.alpha, at.sigma};
    const double distance = (std::max)(std::fabs(there.alpha - here.alpha), std::fabs(there.sigma - here.sigma));
    if (distance > 1e-6 * (here.alpha + here.sigma)) refuse_schedules(here, there, t);
  }

  [[noreturn]] static void refuse_schedules(const Scales& here, const Scales& there, double t) {
    const auto text = [](const Scales& s) { return join({"alpha = ", show(s.alpha), ", sigma = ", show(s.sigma)}); };
    reject("GuidedDenoiser", "both denoisers must have the same schedule",
           join({text(here), " of the positive and ", text(there), " of the negative one at time ", show(t)}));
  }

  const denoiser_t<P>& positive() const { return positive_; }
  const denoiser_t<N>& negative() const { return negative_; }

  P positive_;
  N negative_;
  Guidance<W> guidance_;
};

}  // namespace azula
