#pragma once
/// \file

#include <utility>

#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/guide/kept_noise.hpp"

namespace azula {

/// Computes mean <- w.clipped mean + w.plain m, with the weights w of KeptNoise; `mean` comes in clipped, `plain` is m.
template <State X, class Weights>
void mix_kept_noise(X& mean, const X& plain, const Weights& weights) {
  using T = scalar_t<X>;
  samples(mean) = T(weights.clipped) * samples(mean) + T(weights.plain) * samples(plain);
}

/// A denoiser whose mean is clipped while the step keeps the noise of the unclipped mean, for DDIM as diffusers has it.
///
/// The weights are those of KeptNoise, which has the formula. They are made from the stages of a sampler with the same
/// method and times:
///
///     const auto clip = [](auto& mean) { azula::clamp_mean(mean, -1, 1); };
///     const azula::Sampler plain(denoiser, azula::DDIM{}, times);
///     const azula::KeptNoiseDenoiser clipped(denoiser, clip, azula::KeptNoise(schedule, plain.stages()));
///     const azula::Sampler sampler(clipped, azula::DDIM{}, times);
template <class D, class Clip, class S>
class KeptNoiseDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser, and the mean before it is clipped.
  template <State X>
  struct Workspace {
    explicit Workspace(const X& like) : inner(like) { resize_like(plain, like); }
    Evaluation<denoiser_t<D>, X> inner;
    plain_t<X> plain;
  };

  /// Takes a denoiser, held by value or std::ref, a callable that clips, and the weights.
  /// \param clip  clip(mean) changes a mean in place
  KeptNoiseDenoiser(D denoiser, Clip clip, KeptNoise<S> weights)
      : denoiser_(std::move(denoiser)), clip_(std::move(clip)), weights_(std::move(weights)) {}

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes the mixed mean. \throws std::invalid_argument if t is not a time of the sampler that the weights were made
  /// from.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work.inner(target(), x_t, t, mean);
    work.plain = mean;
    clip_(mean);
    mix_kept_noise(mean, work.plain, weights_(t));
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  Clip clip_;
  KeptNoise<S> weights_;
};

}  // namespace azula
