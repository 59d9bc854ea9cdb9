#pragma once
/// \file

#include <Eigen/Core>

#include <cstddef>
#include <utility>

#include "azula/broadcast.hpp"
#include "azula/concepts.hpp"
#include "azula/denoise/evaluate.hpp"
#include "azula/error.hpp"

namespace azula {

/// A denoiser that holds part of the data at known values, for networks that were trained to fill in the rest.
///
///     mean <- mask known + (1 - mask) mean
///
/// The mask is 1 where a value is known and 0 where it is free. Values between mix both: a soft mask, as in real-time
/// chunking. Mask and known values are numbers or tensors, with the shape of one sample, which is used for all, or of
/// the whole state, see Broadcast. A known prefix of a trajectory, for example, is a mask with ones at its front:
///
///     Eigen::ArrayXf mask = Eigen::ArrayXf::Zero(8), known = mask;
///     mask.head(4) = 1;
///     known.head(4) = 0.5F;
///     const azula::MaskedDenoiser masked(denoiser, mask, known);
///
/// A controller, whose known values change with every run, replaces them with set_known(). Its sampler then refers to
/// the denoiser instead of copying it:
///
///     const azula::Sampler sampler(std::ref(masked), azula::DDIM{}, {.steps = 10});
///     masked.set_known(executing);   // before each run; allocates nothing
///     plan = sampler(x);
///
/// It works with every method, and a run that ends at σ = 0 ends at the known values exactly. The free values see the
/// known ones only through the network. If the network was not trained for this, they fit worse than with DPSDenoiser
/// or MMPSDenoiser.
template <class D>
class MaskedDenoiser {
  static_assert(wraps_denoiser<D>());

 public:
  /// Memory that a run keeps for this denoiser: that of the inner denoiser.
  template <State X>
  using Workspace = Evaluation<denoiser_t<D>, X>;

  /// Wraps a denoiser, held by value or std::ref. Known values where the mask is 0 are not used. They may be NaN if
  /// mask and known values have the same shape.
  /// \throws std::invalid_argument if a value of the mask is outside [0, 1] or a known value is not finite.
  template <class Mask, class Known>
  MaskedDenoiser(D denoiser, const Mask& mask, const Known& known)
      : denoiser_(std::move(denoiser)),
        mask_("MaskedDenoiser", "the mask", mask),
        known_("MaskedDenoiser", "the known values", known) {
    check(mask_, known_);
  }

  /// Replaces the known values, which keep their shape.
  ///
  /// It allocates nothing if the values are a number, a tensor, or an Eigen object that lies in memory or has a fixed
  /// size. A run under way uses the new values from its next evaluation on. This denoiser must not be evaluated in
  /// another thread meanwhile. Copies keep the old values, also the copy in a sampler that was not given std::ref, and
  /// the first call after a copy was made allocates.
  /// \throws std::invalid_argument if the shape differs from the shape of the values before, or a value is not finite
  /// where the mask is not 0. Nothing is changed then.
  template <class Known>
  void set_known(const Known& known) {
    const auto new_known = known_.replacement(known);
    check(mask_, new_known);
    known_.assign(new_known);
  }

  /// Replaces the mask and the known values, for example because fewer actions are being executed than before.
  /// \throws std::invalid_argument as the other overload, or if a value of the mask is outside [0, 1].
  template <class Mask, class Known>
  void set_known(const Mask& mask, const Known& known) {
    const auto new_mask = mask_.replacement(mask);
    const auto new_known = known_.replacement(known);
    check(new_mask, new_known);
    mask_.assign(new_mask);
    known_.assign(new_known);
  }

  decltype(auto) schedule() const { return target().schedule(); }

  /// Writes the mean with the known values in it.
  /// \throws std::invalid_argument if mask or known values have neither the shape of a sample nor of the state.
  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, t, mean);
    hold(mean);
  }

  /// Writes the mean, if the inner denoiser needs to know where the step leads.
  template <State X>
    requires AsksForStage<denoiser_t<D>, X>
  void operator()(const X& x_t, const Stage& stage, plain_t<X>& mean, Workspace<X>& work) const {
    work(target(), x_t, stage, mean);
    hold(mean);
  }

  template <State X>
  void operator()(const X& x_t, double t, plain_t<X>& mean) const {
    Workspace<X> work(x_t);
    (*this)(x_t, t, mean, work);
  }

 private:
  /// Checks numbers before they are used; they have the shapes of mask_ and known_.
  template <class Mask, class Known>
  void check(const Mask& mask, const Known& known) const {
    for (std::ptrdiff_t i = 0; i < mask.size(); ++i) {
      require(mask[i] >= 0 && mask[i] <= 1, "MaskedDenoiser", "the mask must be in [0, 1]", mask[i]);
    }
    // Known values where the mask is 0 are not used, and a user may mark them with NaN.
    const bool alike = mask_.is_like(known_);
    for (std::ptrdiff_t i = 0; i < known.size(); ++i) {
      if (alike && mask[i] == 0) continue;
      require_finite("MaskedDenoiser", "known values must be finite", known[i]);
    }
  }

  template <State Mean>
  void hold(Mean& mean) const {
    using T = scalar_t<Mean>;
    const Spread masks = mask_.over(mean), known = known_.over(mean);
    auto m = samples(mean);
    for (Eigen::Index j = 0; j < m.cols(); ++j) {
      for (Eigen::Index i = 0; i < m.rows(); ++i) {
        const T mask = T(masks.at(i, j, m.rows()));
        if (mask != T(0)) m(i, j) = mask * T(known.at(i, j, m.rows())) + (T(1) - mask) * m(i, j);
      }
    }
  }

  const denoiser_t<D>& target() const { return denoiser_; }

  D denoiser_;
  Broadcast mask_;
  Broadcast known_;
};

}  // namespace azula
